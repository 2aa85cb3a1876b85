package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.client.Joined;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.Envelope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The bodies of envelopes: several commands as one ({@link Joined}), and smaller. */
final class CommandBodies {
  /** No more than this can come out of a deflated byte (RFC 1951). */
  private static final int INFLATION_MAX = 1_032;

  private static final int WORTH_DEFLATING = 64;

  private CommandBodies() {}

  /** A part of an array. */
  record Part(byte[] bytes, int from, int length) {}

  /**
   * The commands of an envelope.
   *
   * @throws CorruptEntryException if the body does not hold what it says
   */
  static List<Part> commandsOf(Envelope envelope) {
    byte[] bytes = envelope.bytes();
    int from = envelope.bodyAt();
    if (envelope.deflated()) {
      bytes = inflate(bytes, from);
      from = 0;
    }
    if (!envelope.several()) {
      return List.of(new Part(bytes, from, bytes.length - from));
    }
    List<Part> parts = new ArrayList<>();
    ByteBuffer body = ByteBuffer.wrap(bytes, from, bytes.length - from);
    while (body.hasRemaining()) {
      int length = body.remaining() < Integer.BYTES ? -1 : body.getInt();
      if (length < 0 || length > body.remaining()) {
        throw new CorruptEntryException("the commands of an envelope do not fit into it");
      }
      parts.add(new Part(bytes, body.position(), length));
      body.position(body.position() + length);
    }
    return parts;
  }

  /** How many bytes the body has once it is inflated; before it is. */
  static int bytesOf(Envelope envelope) {
    boolean says = envelope.deflated() && envelope.bodyBytes() >= Integer.BYTES;
    return says
        ? Math.max(0, ByteBuffer.wrap(envelope.bytes()).getInt(envelope.bodyAt()))
        : envelope.bodyBytes();
  }

  /**
   * Checks that an envelope makes sense, before it gets into the log.
   *
   * @throws CorruptEntryException if it does not
   */
  static void check(Envelope envelope) {
    switch (envelope.kind()) {
      case COMMAND -> {
        if (commandsOf(envelope).isEmpty()) {
          throw new CorruptEntryException("an envelope without a command");
        }
      }
      case OPEN_SESSION -> envelope.terms();
      case KEEP_ALIVE, CLOSE_SESSION -> {}
    }
  }

  /** The deflated form with the length before it, or null if that is no smaller. */
  static byte[] deflate(Buffer body) {
    if (body.length() < WORTH_DEFLATING) {
      return null;
    }
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(body.getBytes());
      deflater.finish();
      byte[] out = new byte[body.length()];
      ByteBuffer.wrap(out).putInt(body.length());
      int bytes = deflater.deflate(out, Integer.BYTES, out.length - Integer.BYTES);
      return deflater.finished() ? Arrays.copyOf(out, Integer.BYTES + bytes) : null;
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] bytes, int from) {
    int available = bytes.length - from - Integer.BYTES;
    int length = available < 0 ? -1 : ByteBuffer.wrap(bytes).getInt(from);
    if (length < 0 || length > (long) available * INFLATION_MAX) {
      throw new CorruptEntryException("a deflated envelope does not say how long it is");
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, from + Integer.BYTES, available);
      byte[] out = new byte[length];
      if (inflater.inflate(out) != length
          || (!inflater.finished() && inflater.inflate(new byte[1]) != 0)) {
        throw new CorruptEntryException(
            "a deflated envelope does not hold the %d bytes it says".formatted(length));
      }
      return out;
    } catch (DataFormatException e) {
      throw new CorruptEntryException("an envelope is not deflated as it says");
    } finally {
      inflater.end();
    }
  }
}
