package io.vertxraft.runtime;

/**
 * How many bytes the entries have that were applied: the sum up to some indexes, in between by the
 * straight line. Of entries that this life has not seen, the average is assumed. Confined to the
 * node's context.
 */
final class LogSizes {
  private static final int SAMPLES_MAX = 256;

  private final long[] indexes = new long[SAMPLES_MAX];
  private final long[] sums = new long[SAMPLES_MAX];
  private int count;
  private long stride = 1;
  private long lastIndex;
  private long total;

  /** Nothing is known about the entries up to {@code index}. */
  LogSizes(long index) {
    restart(index);
  }

  /** The next entry seen is the one after {@code index}, which need not follow the last one. */
  void restart(long index) {
    lastIndex = index;
    indexes[0] = index;
    sums[0] = total;
    count = 1;
    stride = 1;
  }

  /** The entries from the last one seen up to {@code index} have so many bytes. */
  void add(long index, long bytes) {
    lastIndex = index;
    total += bytes;
    if (index - indexes[count - 1] >= stride) {
      if (count == SAMPLES_MAX) {
        keepEverySecond();
      }
      indexes[count] = index;
      sums[count++] = total;
    }
  }

  private void keepEverySecond() {
    for (int i = 0; i < SAMPLES_MAX / 2; i++) {
      indexes[i] = indexes[2 * i];
      sums[i] = sums[2 * i];
    }
    count = SAMPLES_MAX / 2;
    stride = Math.max(2 * stride, (indexes[count - 1] - indexes[0]) / count);
  }

  /** Bytes of all entries seen in this life. */
  long total() {
    return total;
  }

  /**
   * The lowest index from which on the entries up to {@code last} have at most {@code bytesMax}
   * bytes together; {@code last + 1} if not even the last one fits.
   */
  long firstWithin(long last, long bytesMax) {
    double end = sumUpTo(last);
    long low = 1;
    long high = last + 1;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (end - sumUpTo(middle - 1) <= bytesMax) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** About how many bytes the entries from {@code first} to {@code last} have. */
  long between(long first, long last) {
    return last < first ? 0 : Math.max(0, Math.round(sumUpTo(last) - sumUpTo(first - 1)));
  }

  private double sumUpTo(long index) {
    if (index <= indexes[0]) {
      return sums[0] - (indexes[0] - index) * average();
    }
    int low = 0;
    int high = count;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (indexes[middle] <= index) {
        low = middle;
      } else {
        high = middle;
      }
    }
    boolean last = low == count - 1;
    long nextIndex = last ? lastIndex : indexes[low + 1];
    long nextSum = last ? total : sums[low + 1];
    if (index >= nextIndex) {
      return nextSum + (index - nextIndex) * average();
    }
    double part = (double) (index - indexes[low]) / (nextIndex - indexes[low]);
    return sums[low] + part * (nextSum - sums[low]);
  }

  private double average() {
    long entries = lastIndex - indexes[0];
    return entries == 0 ? 0 : (double) (total - sums[0]) / entries;
  }
}
