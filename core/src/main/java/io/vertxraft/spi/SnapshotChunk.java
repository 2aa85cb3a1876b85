package io.vertxraft.spi;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A piece of a file.
 *
 * @param data the bytes, as they are or deflated (RFC 1951)
 * @param deflated whether {@code data} is deflated
 * @param length bytes of the file that it stands for
 */
public record SnapshotChunk(Buffer data, boolean deflated, int length) {
  /** A piece as it is. */
  public static SnapshotChunk of(Buffer data) {
    return new SnapshotChunk(data, false, data.length());
  }

  /** Deflates a piece, unless that makes it no smaller. Takes time: not for an event loop. */
  public static SnapshotChunk deflate(Buffer data) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(data.getBytes());
      deflater.finish();
      byte[] out = new byte[data.length()];
      int bytes = deflater.deflate(out);
      return deflater.finished() && bytes < out.length
          ? new SnapshotChunk(Buffer.buffer(Arrays.copyOf(out, bytes)), true, out.length)
          : of(data);
    } finally {
      deflater.end();
    }
  }

  /**
   * The bytes of the file. Takes time if they are deflated.
   *
   * @throws IllegalArgumentException if they are not {@link #length} bytes
   */
  public Buffer content() {
    if (!deflated) {
      if (data.length() != length) {
        throw new IllegalArgumentException(
            "a chunk of %d bytes says it has %d".formatted(data.length(), length));
      }
      return data;
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(data.getBytes());
      byte[] out = new byte[length];
      int bytes = inflater.inflate(out);
      if (bytes != length || (!inflater.finished() && inflater.inflate(new byte[1]) != 0)) {
        throw new IllegalArgumentException(
            "a deflated chunk does not hold the %d bytes it says".formatted(length));
      }
      return Buffer.buffer(out);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a chunk is not deflated as it says", e);
    } finally {
      inflater.end();
    }
  }
}
