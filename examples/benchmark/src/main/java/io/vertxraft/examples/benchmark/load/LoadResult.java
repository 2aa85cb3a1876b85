package io.vertxraft.examples.benchmark.load;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What came of a load while it was measured.
 *
 * @param acknowledged operations that succeeded
 * @param failed operations that failed
 * @param nanos how long it was measured
 * @param latencyMicros of those that succeeded; in an open loop from when each was to begin
 * @param firstFailure what the first failure says, or the empty string
 */
public record LoadResult(
    long acknowledged, long failed, long nanos, Histogram latencyMicros, String firstFailure) {
  /** Operations that succeeded per second. */
  public double perSecond() {
    return acknowledged * 1e9 / nanos;
  }

  /** Both together, of the same time. */
  public LoadResult plus(LoadResult other) {
    Histogram both = latencyMicros.copy();
    both.add(other.latencyMicros);
    return new LoadResult(
        acknowledged + other.acknowledged,
        failed + other.failed,
        Math.max(nanos, other.nanos),
        both,
        firstFailure.isEmpty() ? other.firstFailure : firstFailure);
  }

  /** As words on one line. */
  public String encode() {
    ByteBuffer bytes = ByteBuffer.allocate(latencyMicros.getNeededByteBufferCapacity());
    latencyMicros.encodeIntoCompressedByteBuffer(bytes);
    bytes.flip();
    byte[] histogram = new byte[bytes.remaining()];
    bytes.get(histogram);
    return String.join(
        " ",
        Long.toString(acknowledged),
        Long.toString(failed),
        Long.toString(nanos),
        Base64.getEncoder().encodeToString(histogram),
        firstFailure.replaceAll("\\s+", " ").strip());
  }

  /** What {@link #encode} gave. */
  public static LoadResult decode(String line) throws DataFormatException {
    String[] words = line.split(" ", 5);
    ByteBuffer histogram = ByteBuffer.wrap(Base64.getDecoder().decode(words[3]));
    return new LoadResult(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Histogram.decodeFromCompressedByteBuffer(histogram, 0),
        words.length > 4 ? words[4] : "");
  }
}
