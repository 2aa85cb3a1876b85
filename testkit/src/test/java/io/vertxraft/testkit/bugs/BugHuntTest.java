package io.vertxraft.testkit.bugs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random runs find planted bugs without being told where to look. */
class BugHuntTest {
  private static final long MS = 20_000;
  private static final int SEEDS_MAX = 300;
  private static final int STARTS = 3;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two-votes-in-a-term",
        "vote-not-persisted",
        "term-not-persisted",
        "term-not-raised",
        "heartbeat-commits-unproven-entries",
        "append-commits-unproven-entries",
        "commit-of-earlier-terms",
        "commit-without-quorum",
        "match-index-starts-at-last",
        "leader-counts-before-its-disk",
        "reply-before-durable",
        "repeated-append-confirmed-early",
        "reply-to-the-wrong-proposal",
        "stale-vote-counted",
        "repeated-vote-refused",
        "pre-vote-against-a-live-leader",
        "stale-confirmation-counted",
        "progress-of-an-earlier-reign"
      })
  void fewRandomRunsFindIt(String name) {
    BugHunt.Result result = new BugHunt(MS, SEEDS_MAX, 1).hunt(BugBank.find(name));

    assertThat(result.medianSeeds()).as(name).isLessThanOrEqualTo(SEEDS_MAX);
    assertThat(result.rules()).hasSize(1);
  }

  /** Among members that take snapshots, from three starts far apart. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapshot-ahead-of-log-at-start",
        "append-before-snapshot-misplaced",
        "load-not-awaited",
        "log-cut-although-save-failed",
        "log-cut-to-the-newest-snapshot",
        "snapshot-says-a-later-index"
      })
  void fewRandomRunsWithSnapshotsFindIt(String name) {
    BugHunt.Result result = new BugHunt(MS, SEEDS_MAX, STARTS).hunt(BugBank.find(name));

    assertThat(result.medianSeeds()).as(name).isLessThanOrEqualTo(SEEDS_MAX);
  }

  @Test
  void aHuntThatFindsNothingSaysSoAndKeepsWhatTheStoryFound() {
    BugHunt.Result result = new BugHunt(1, 1, 2).hunt(BugBank.find("repeated-vote-refused"));

    assertThat(result.medianSeeds()).isEqualTo(Integer.MAX_VALUE);
    assertThat(result.rules()).isEmpty();
    assertThat(result.scenario()).map(Finding::rule).contains(Stories.SAME_ANSWER);
  }

  @Test
  void theMedianOfAnEvenNumberOfStartsIsTheLowerOfTheMiddleTwo() {
    PlantedBug bug = BugBank.find("no-check-quorum");
    List<Integer> seeds = List.of(3, 5, 9, Integer.MAX_VALUE);

    assertThat(new BugHunt.Result(bug, Optional.empty(), seeds, Map.of()).medianSeeds())
        .isEqualTo(5);
  }

  @Test
  void theTableHasARowForEachBugAndForEachThatIsPending() throws InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    new BugHunt(MS, 5, 1).print(out, List.of(BugBank.find("commit-without-quorum")), 1);

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .containsPattern("\\| commit-without-quorum \\| classic \\| I7 \\| [1-5] \\| I7 x 1 \\|")
        .contains("| applied-index-apart-from-state | #6 | needs R-13 | | |");
  }
}
