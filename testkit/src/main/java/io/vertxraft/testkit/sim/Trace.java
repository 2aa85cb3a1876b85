package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.ChainHash;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The record of a run: a 128-bit hash over everything that happened, and the last {@value #LINES}
 * lines in readable form. Lines are kept as numbers and references and become text only when asked
 * for.
 */
public final class Trace {
  /** Lines kept. */
  public static final int LINES = 512;

  /** Hears lines as they are recorded, before they are text. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called for each line.
     *
     * @param timeNanos virtual time
     * @param kind what the line is about
     * @param owner the node or client it happened at; see {@link #ownerName}
     * @param first first number: of a message on its way, the receiver
     * @param detail for reading: of a message on its way, the message; may be null
     */
    void recorded(long timeNanos, TraceKind kind, int owner, long first, Object detail);
  }

  private static final int MASK = LINES - 1;

  private final long[] times = new long[LINES];
  private final int[] kindsAndOwners = new int[LINES];
  private final long[] firsts = new long[LINES];
  private final long[] seconds = new long[LINES];
  private final Object[] details = new Object[LINES];
  private final List<String> owners = new ArrayList<>();
  private long count;
  private long hashA = 0x243f_6a88_85a3_08d3L;
  private long hashB = 0x1319_8a2e_0370_7344L;
  private Consumer<String> sink;
  private Listener listener;

  /** Names an owner, so that lines are readable; returns its number. */
  int addOwner(String name) {
    owners.add(name);
    return owners.size() - 1;
  }

  /** The name of an owner; {@code world} for a negative number. */
  public String ownerName(int owner) {
    return owner < 0 || owner >= owners.size() ? "world" : owners.get(owner);
  }

  /** Sends every line as text to {@code sink} from now on; null ends it. */
  public void echoTo(Consumer<String> sink) {
    this.sink = sink;
  }

  /** Sets who hears every line from now on; replaces an earlier one, and null ends it. */
  public void onRecord(Listener listener) {
    this.listener = listener;
  }

  /**
   * Records one line. All arguments but {@code detail} go into the hash; {@code detail} is only for
   * reading and must not change afterwards.
   */
  void record(long time, TraceKind kind, int owner, long first, long second, Object detail) {
    int kindAndOwner = kind.ordinal() | (owner + 1) << 8;
    foldA(time);
    foldA(kindAndOwner ^ first);
    foldA(second);
    hashB = (Long.rotateLeft(hashB, 23) ^ time + second) * 0xd6e8_feb8_6659_fd93L;
    hashB = (hashB ^ hashB >>> 32) + kindAndOwner * 0x9e37_79b9_7f4a_7c15L ^ first;
    int at = (int) count & MASK;
    times[at] = time;
    kindsAndOwners[at] = kindAndOwner;
    firsts[at] = first;
    seconds[at] = second;
    details[at] = detail;
    count++;
    if (sink != null) {
      sink.accept(line(at));
    }
    if (listener != null) {
      listener.recorded(time, kind, owner, first, detail);
    }
  }

  private void foldA(long value) {
    hashA = (hashA ^ value) * 0xff51_afd7_ed55_8ccdL;
    hashA ^= hashA >>> 29;
  }

  /** Lines recorded so far. */
  public long count() {
    return count;
  }

  /** Hash over all lines so far, as 32 hexadecimal digits. */
  public String hash() {
    return "%016x%016x".formatted(ChainHash.mix(hashA), ChainHash.mix(hashB));
  }

  /** The last lines, oldest first, at most {@code linesMax}. */
  public List<String> lastLines(int linesMax) {
    long kept = Math.min(Math.min(linesMax, LINES), count);
    List<String> lines = new ArrayList<>((int) kept);
    for (long i = count - kept; i < count; i++) {
      lines.add(line((int) i & MASK));
    }
    return lines;
  }

  private String line(int at) {
    int owner = (kindsAndOwners[at] >>> 8) - 1;
    TraceKind kind = TraceKind.ALL[kindsAndOwners[at] & 0xff];
    Object detail = details[at];
    String text = detail == null ? firsts[at] + " " + seconds[at] : describe(kind, at, detail);
    return "%6d.%09d %-8s %-10s %s"
        .formatted(
            times[at] / 1_000_000_000L, times[at] % 1_000_000_000L, ownerName(owner), kind, text);
  }

  private String describe(TraceKind kind, int at, Object detail) {
    return switch (kind) {
      case SEND, DELIVER, DROP, HOLD -> "-> " + ownerName((int) firsts[at]) + " " + detail;
      default -> detail.toString();
    };
  }
}
