package io.vertxraft.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftOptions;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProtocolTraceTest {
  private static final RaftOptions OPTIONS = new RaftOptions().setElectionTimeoutMs(300);

  @Test
  void throughFaultsEveryEventContinuesTheOneBeforeAndWhatArrivesWasSent() {
    int truncations = 0;
    int replacements = 0;
    for (long seed = 1; seed <= 12; seed++) {
      TraceReader reader = new TraceReader();
      TracedGroup group =
          new TracedGroup(seed, 3, drawOptions(seed), TraceJson.lines(reader::read));

      harass(group, seed);

      group.trace().check();
      for (String node : List.of("n1", "n2", "n3")) {
        assertThat(reader.written(node)).as(node).isEqualTo(logOf(group.disk(node)));
        assertThat(reader.written(node)).hasSizeGreaterThan(20);
      }
      assertThat(reader.count("start")).isEqualTo(reader.count("stop") + 3);
      assertThat(reader.count("stop")).isPositive();
      for (String kind : List.of("tick", "receive", "propose", "persisted", "applied", "turn")) {
        assertThat(reader.count(kind)).as(kind).isPositive();
      }
      truncations += reader.truncations();
      replacements += reader.replacements();
    }
    assertThat(truncations).isGreaterThan(10);
    assertThat(replacements).isGreaterThan(10);
  }

  private static RaftOptions drawOptions(long seed) {
    return new RaftOptions(OPTIONS).setLogCacheBytesMax(seed % 2 == 0 ? 0 : 10_000);
  }

  /** Commands, crashes and partitions, and a quiet end. */
  private static void harass(TracedGroup group, long seed) {
    SimRandom random = new SimRandom(seed, "harass");
    group
        .world()
        .network()
        .eachLink(
            link ->
                link.dropProbability(0.03)
                    .duplicateProbability(0.05)
                    .lateReplay(0.01, 3_000_000_000L));
    for (int i = 0; i < 300; i++) {
      String node = "n" + (1 + random.below(3));
      if (!group.isUp(node)) {
        group.boot(node);
      }
      switch ((int) random.below(12)) {
        case 0 -> group.crash(node);
        case 1 -> group.kill(node);
        case 2 -> group.world().network().partition(Set.of(node));
        case 3, 4 -> group.world().network().healAll();
        default -> group.apply(node, "command " + i);
      }
      group.runMs(random.below(120));
    }
    group.world().network().healAll();
    for (String node : List.of("n1", "n2", "n3")) {
      if (!group.isUp(node)) {
        group.boot(node);
      }
    }
    group.runMs(10_000);
  }

  private static List<String> logOf(LogChain disk) {
    List<String> log = new ArrayList<>();
    for (long index = 1; index <= disk.lastIndex(); index++) {
      log.add(index + " " + disk.termAt(index) + " " + TraceJson.hash(disk.entryAt(index)));
    }
    return log;
  }

  @Test
  void anElectionAndOneCommandReadAsTheyAreWrittenDown() {
    List<String> lines = new ArrayList<>();
    TracedGroup group = new TracedGroup(3, 3, OPTIONS, TraceJson.lines(lines::add));
    group.world().network().eachLink(link -> link.jitter(0));
    String leader = group.awaitLeader();
    group.apply(leader, "the command");
    assertThat(
            group.world().loop().runUntil(() -> group.disk(leader).lastIndex() == 2, 1_000_000_000))
        .isTrue();
    group.runMs(20);
    group.crash(leader);
    group.boot(leader);
    group.runMs(20);

    group.trace().check();
    Golden.check("election-and-command.ndjson", String.join("\n", lines) + "\n");
  }

  @Test
  void mapsHoldWhatAParserMakesOfTheText() {
    List<Map<String, Object>> maps = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    TracedGroup group =
        new TracedGroup(
            5, 3, OPTIONS, TraceJson.maps(maps::add).andThen(TraceJson.lines(lines::add)));
    group.apply(group.awaitLeader(), "the command");
    group.runMs(100);
    group.trace().check();

    assertThat(lines).hasSizeGreaterThan(30).hasSameSizeAs(maps);
    for (int i = 0; i < maps.size(); i++) {
      // Compares numbers by value: a parser makes small ones narrower.
      assertThat(new JsonObject(maps.get(i))).isEqualTo(new JsonObject(lines.get(i)));
    }
  }

  @Test
  void aSinkThatThrowsDisturbsNoMemberAndIsReported() {
    List<TraceEvent> events = new ArrayList<>();
    TracedGroup group =
        new TracedGroup(
            1,
            3,
            OPTIONS,
            event -> {
              events.add(event);
              if (events.size() == 20) {
                throw new IllegalStateException("the disk is full");
              }
            });

    group.awaitLeader();

    assertThat(events).hasSize(20);
    assertThatThrownBy(() -> group.trace().check()).hasMessage("the disk is full");
  }

  @Test
  void aLifeThatStartsBeforeTheLastOneEndedIsReported() {
    TracedGroup group = new TracedGroup(1, 3, OPTIONS, event -> {});
    group.runMs(10);
    group.world().machine("n2").crash();
    group.boot("n2");
    group.runMs(10);

    assertThatThrownBy(() -> group.trace().check())
        .hasMessage(
            "node 'n2', life 2 starts while node 'n2', life 1 has not ended: call stop when a"
                + " process ends");
  }

  @Test
  void aLifeThatGoesOnAfterItsEndIsReported() {
    TracedGroup group = new TracedGroup(1, 3, OPTIONS, event -> {});
    group.runMs(10);
    group.trace().stop("n1", "process ended");
    group.awaitLeader();

    assertThatThrownBy(() -> group.trace().check())
        .hasMessage(
            "node 'n1', life 1 goes on after its end: call stop only when the process can do"
                + " nothing more");
  }

  @Test
  void aLifeThatEndsBeforeItKnowsItsLogLeavesNoTrace() {
    List<String> lines = new ArrayList<>();
    TracedGroup group = new TracedGroup(1, 1, OPTIONS, TraceJson.lines(lines::add));
    group.crash("n1");
    assertThat(lines).isEmpty();

    group.boot("n1");
    group.awaitLeader();

    assertThat(new JsonObject(lines.get(0)).getInteger("life")).isEqualTo(2);
    group.trace().check();
  }
}
