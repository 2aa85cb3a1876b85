package io.vertxraft.cli;

/** Shows pictures as they come. */
interface WatchView extends AutoCloseable {
  /** Shows a picture in place of the one before. */
  void show(Picture picture);

  /** Says something about the connection; the next picture takes its place. */
  void note(String text);

  /** Leaves the terminal as it was; nothing is shown any more. Idempotent, on any thread. */
  @Override
  void close();
}
