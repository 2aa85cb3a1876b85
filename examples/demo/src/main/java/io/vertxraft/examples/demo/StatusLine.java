package io.vertxraft.examples.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The state of the demo in one line, the most important first, since it may not fit a narrow
 * terminal.
 *
 * @param leader the leader's id, or null
 * @param term term of the leader, or of the last one
 * @param leaderlessMs time without a leader
 * @param writesPerSecond acknowledged writes per second
 * @param p50Micros median latency
 * @param p99Micros 99th percentile of the latency
 * @param members each member's id and condition
 * @param log what the leader keeps of its log, or null if that is not known
 * @param acknowledged all acknowledged writes
 * @param address where the console is
 */
record StatusLine(
    String leader,
    long term,
    long leaderlessMs,
    double writesPerSecond,
    long p50Micros,
    long p99Micros,
    List<MemberState> members,
    LogState log,
    long acknowledged,
    String address) {

  private static final String SEPARATOR = " | ";

  /** How a member stands. */
  enum Condition {
    UP,
    DOWN,
    CUT
  }

  /**
   * A member and how it stands.
   *
   * @param doing what it does about a snapshot, in words, or null
   */
  record MemberState(String id, Condition condition, String doing) {}

  /**
   * A log.
   *
   * @param first its first index
   * @param last its last index
   * @param snapshot last index of the newest snapshot, or 0
   */
  record LogState(long first, long last, long snapshot) {
    @Override
    public String toString() {
      String range = String.format(Locale.ROOT, "log %,d-%,d", first, last);
      return snapshot == 0 ? range : range + String.format(Locale.ROOT, ", snapshot %,d", snapshot);
    }
  }

  /**
   * The line, of as many parts as fit: half an address is worse than none.
   *
   * @param columnsMax how long it may be
   */
  String render(boolean colors, int columnsMax) {
    List<String> plain = parts(false);
    List<String> shown = parts(colors);
    StringBuilder line = new StringBuilder(shown.get(0));
    int columns = plain.get(0).length();
    for (int i = 1; i < plain.size(); i++) {
      int wanted = SEPARATOR.length() + plain.get(i).length();
      if (columns + wanted <= columnsMax) {
        line.append(SEPARATOR).append(shown.get(i));
        columns += wanted;
      }
    }
    return line.toString();
  }

  private List<String> parts(boolean colors) {
    return List.of(
        leaderText(colors),
        String.format(Locale.ROOT, "%,.0f writes/s", writesPerSecond),
        "p50 " + millis(p50Micros) + " p99 " + millis(p99Micros) + " ms",
        membersText(colors),
        log == null ? "log not known" : log.toString(),
        address,
        String.format(Locale.ROOT, "%,d acknowledged", acknowledged));
  }

  private String leaderText(boolean colors) {
    if (leader != null) {
      return Ansi.GREEN.paint("%s leads term %d".formatted(leader, term), colors);
    }
    return Ansi.RED.paint(
        String.format(Locale.ROOT, "no leader for %.1f s", leaderlessMs / 1_000.0), colors);
  }

  private String membersText(boolean colors) {
    long up = members.stream().filter(m -> m.condition() == Condition.UP).count();
    StringBuilder text = new StringBuilder("up %d/%d".formatted(up, members.size()));
    for (MemberState member : members) {
      if (member.condition() != Condition.UP) {
        String words = member.id() + (member.condition() == Condition.CUT ? " cut off" : " down");
        text.append(", ").append(Ansi.RED.paint(words, colors));
      }
    }
    String doings =
        members.stream()
            .filter(member -> member.doing() != null)
            .map(member -> ", " + member.id() + " " + member.doing())
            .collect(Collectors.joining());
    return text.append(doings).toString();
  }

  private static String millis(long micros) {
    return micros == 0
        ? "-"
        : String.format(Locale.ROOT, micros < 10_000 ? "%.1f" : "%.0f", micros / 1_000.0);
  }
}
