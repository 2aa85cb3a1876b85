package io.vertxraft.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.RaftOptions;
import io.vertxraft.protocol.AppendEntries;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final RaftOptions OPTIONS =
      new RaftOptions().setElectionTimeoutMs(300).setHeartbeatIntervalMs(100);

  private static TracedGroup group(int size, Timeline timeline) {
    TracedGroup group = new TracedGroup(11, size, OPTIONS, timeline);
    timeline.listenTo(group.world().loop().trace());
    group.world().network().eachLink(link -> link.jitter(0));
    return group;
  }

  /** A leader that is cut off takes a command, and in the end gives it up for the others' log. */
  private static void cutOffLeader(TracedGroup group) {
    String old = group.awaitLeader();
    group.runMs(5);
    group.world().network().isolate(old);
    group.apply(old, "given up");
    String leader = group.awaitLeaderBut(old);
    group.apply(leader, "kept");
    group.runMs(20);
    group.world().network().healAll();
    group.runMs(250);
    group.world().machine(old).freeze(1_000);
    group.apply(leader, "on disk after the crash, perhaps");
    group.runMs(1);
    group.crash(old);
    group.runMs(5);
    group.boot(old);
    group.runMs(200);
  }

  @Test
  void theStoryOfACutOffLeaderReadsAsItIsWrittenDown() {
    Timeline timeline = new Timeline(10_000);
    cutOffLeader(group(3, timeline));

    Golden.check("cut-off-leader.txt", timeline.draw());
  }

  @Test
  void theLastLinesOfTheNodesInvolvedAreEnough() {
    Timeline timeline = new Timeline(10_000);
    TracedGroup group = group(5, timeline);
    cutOffLeader(group);
    assertThat(timeline.nodes()).containsExactly("n1", "n2", "n3", "n4", "n5");

    String picture = timeline.draw(List.of("n3", "n2"), 30);

    Golden.check("two-of-five.txt", picture);
  }

  @Test
  void fiveNodesFitATerminal() {
    Timeline timeline = new Timeline(10_000).heartbeats(true);
    cutOffLeader(group(5, timeline));

    assertThat(timeline.draw().lines())
        .hasSizeGreaterThan(200)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(160));
    assertThat(timeline.width(120).draw().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
  }

  @Test
  void heartbeatsThatChangeNothingAreDrawnOnRequestOnly() {
    Timeline timeline = new Timeline(10_000);
    TracedGroup group = group(3, timeline);
    group.awaitLeader();
    group.runMs(1_000);

    assertThat(timeline.draw()).contains("Heartbeat t1 commit 0/0: leader n");
    assertThat(timeline.draw()).doesNotContain("HeartbeatReply");
    assertThat(timeline.heartbeats(true).draw()).contains("HeartbeatReply t1");
  }

  @Test
  void whatIsHeldBackShowsAtItsSenderOrElseAtItsReceiver() {
    Timeline timeline = new Timeline(10_000);
    TracedGroup group = group(3, timeline);
    String leader = group.awaitLeader();
    group.world().network().hold(AppendEntries.class);
    group.apply(leader, "late");
    group.runMs(10);
    String other = leader.equals("n1") ? "n2" : "n1";

    assertThat(timeline.draw(Set.of(leader), 100)).contains("-| " + other + " AppendEntries t1");
    assertThat(timeline.draw(Set.of(other), 100))
        .contains("from " + leader + " -| " + other + " AppendEntries t1");
  }

  @Test
  void onlyTheNewestEventsAreKept() {
    Timeline few = new Timeline(10);
    TracedGroup group = group(3, few);
    group.awaitLeader();
    group.runMs(500);
    few.heartbeats(true);

    assertThat(few.draw().lines().count()).isBetween(5L, 60L);
    assertThat(few.draw()).doesNotContain("up, life 1");
  }

  @Test
  void eventsAreWhatTheyWereWhenTheyHappened() {
    List<TraceEvent> events = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    TracedGroup group =
        new TracedGroup(
            11,
            3,
            OPTIONS,
            event -> {
              events.add(event);
              lines.add(TraceJson.line(event));
            });
    String leader = group.awaitLeader();
    // Slow disks: the answers of many turns wait for the write of one.
    group.world().machines().forEach(machine -> machine.disk().latency(50_000_000, 0));
    for (int i = 0; i < 20; i++) {
      group.apply(leader, "command " + i);
      group.runMs(3);
    }
    group.runMs(500);

    assertThat(events.stream().map(TraceJson::line)).containsExactlyElementsOf(lines);
  }

  @Test
  void withoutNodesOrWithTooManyForTheWidthThereIsNoPicture() {
    Timeline timeline = new Timeline(10);
    assertThatThrownBy(timeline::draw).hasMessage("a timeline without nodes: name those to draw");
    assertThatThrownBy(() -> timeline.width(80).draw(List.of("a", "b", "c", "d"), 10))
        .hasMessage(
            "a timeline of 4 nodes needs a width of 92, not 80: name fewer nodes or allow more"
                + " width");
    assertThatThrownBy(() -> new Timeline(0))
        .hasMessage("a timeline cannot keep 0 events: let it keep one or more");
  }

  @Test
  void longTextsGoOnInTheNextRow() {
    assertThat(ColumnPicture.wrap("one two three four", 9))
        .containsExactly("one two", "  three", "  four");
    assertThat(ColumnPicture.wrap("abcdefghijkl mn", 6))
        .containsExactly("abcdef", "  ghij", "  kl", "  mn");
    assertThat(ColumnPicture.wrap("", 6)).containsExactly("");
  }
}
