package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.examples.demo.StatusLine.Condition;
import io.vertxraft.examples.demo.StatusLine.LogState;
import io.vertxraft.examples.demo.StatusLine.MemberState;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private static final int WIDE = 1_000;
  private static final LogState LOG = new LogState(9_001, 12_345, 11_000);
  private static final String ADDRESS = "http://127.0.0.1:8080/";

  @Test
  void aHealthyGroupFitsOneLine() {
    StatusLine line =
        new StatusLine(
            "n2", 3, 0, 498.4, 1_234, 45_678, members(Condition.UP), LOG, 12_345, ADDRESS);
    assertThat(line.render(false, WIDE))
        .isEqualTo(
            "n2 leads term 3 | 498 writes/s | p50 1.2 p99 46 ms | up 3/3"
                + " | log 9,001-12,345, snapshot 11,000 | http://127.0.0.1:8080/ | 12,345 acknowledged");
  }

  @Test
  void aNarrowTerminalGetsWholePartsOnly() {
    StatusLine line =
        new StatusLine(
            "n2", 3, 0, 498.4, 1_234, 45_678, members(Condition.CUT), LOG, 12_345, ADDRESS);
    String full = line.render(false, WIDE);
    for (int columns = 20; columns <= full.length(); columns++) {
      String narrow = line.render(true, columns).replaceAll("\u001b\\[\\d+m", "");
      assertThat(narrow).hasSizeLessThanOrEqualTo(columns);
      assertThat(full.split(" \\| ")).contains(narrow.split(" \\| "));
    }
    assertThat(line.render(false, 60)).doesNotContain("http");
  }

  @Test
  void aGroupWithoutLeaderSaysForHowLongAndWhoIsMissing() {
    StatusLine line =
        new StatusLine(null, 3, 1_250, 0, 0, 0, members(Condition.DOWN), LOG, 1, ADDRESS);
    assertThat(line.render(false, WIDE))
        .startsWith("no leader for 1.3 s | 0 writes/s | p50 - p99 - ms | up 2/3, n3 down |");
  }

  @Test
  void aMemberBehindACutIsNotUp() {
    StatusLine line = new StatusLine("n1", 1, 0, 0, 0, 0, members(Condition.CUT), LOG, 1, ADDRESS);
    assertThat(line.render(false, WIDE)).contains("up 2/3, n3 cut off");
  }

  @Test
  void whatAMemberDoesAboutASnapshotIsTold() {
    List<MemberState> fetching =
        List.of(
            new MemberState("n1", Condition.UP, null),
            new MemberState("n2", Condition.UP, "fetches a snapshot 43 %"));
    LogState withoutSnapshot = new LogState(1, 2_500, 0);
    StatusLine line = new StatusLine("n1", 1, 0, 0, 0, 0, fetching, withoutSnapshot, 1, ADDRESS);
    assertThat(line.render(false, WIDE))
        .contains("| up 2/2, n2 fetches a snapshot 43 % | log 1-2,500 |");
  }

  @Test
  void withoutALeaderNothingIsKnownOfItsLog() {
    StatusLine line = new StatusLine(null, 3, 9, 0, 0, 0, members(Condition.UP), null, 1, ADDRESS);
    assertThat(line.render(false, WIDE)).contains("| log not known |");
  }

  @Test
  void coloursAddNothingButColours() {
    StatusLine line = new StatusLine("n1", 1, 0, 5, 1, 1, members(Condition.CUT), LOG, 1, ADDRESS);
    String colored = line.render(true, WIDE);
    assertThat(colored).contains("\u001b[");
    assertThat(colored.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(line.render(false, WIDE));
  }

  private static List<MemberState> members(Condition third) {
    return List.of(
        new MemberState("n1", Condition.UP, null),
        new MemberState("n2", Condition.UP, null),
        new MemberState("n3", third, null));
  }
}
