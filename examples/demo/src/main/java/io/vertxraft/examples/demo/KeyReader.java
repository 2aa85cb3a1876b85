package io.vertxraft.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;

/** Reads single keys on a daemon thread of its own, since a read cannot be interrupted. */
final class KeyReader {
  private KeyReader() {}

  /**
   * Starts to read until the input ends.
   *
   * @param keyHandler called on the reading thread with each byte that is not white space
   */
  static void start(InputStream input, IntConsumer keyHandler) {
    Thread thread = new Thread(() -> read(input, keyHandler), "demo-keys");
    thread.setDaemon(true);
    thread.start();
  }

  private static void read(InputStream input, IntConsumer keyHandler) {
    try {
      for (int key = input.read(); key >= 0; key = input.read()) {
        if (!Character.isWhitespace(key)) {
          keyHandler.accept(key);
        }
      }
    } catch (IOException e) {
      // The terminal has gone away; the demo runs on without keys.
      return;
    }
  }
}
