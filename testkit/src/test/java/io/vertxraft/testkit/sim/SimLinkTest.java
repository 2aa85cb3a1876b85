package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.Message;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The characters of links and the shapes of broken networks. */
class SimLinkTest extends NetworkFixture {
  private long count(WorldMark mark) {
    return world.loop().count(mark);
  }

  private List<Long> numbersAt(String nodeId) {
    return inbox.get(nodeId).stream().map(m -> ((Heartbeat) m).commitIndex()).toList();
  }

  private static AppendEntries bulk(int bytes) {
    EntryCodec codec = new EntryCodec("g");
    return new AppendEntries(
        1, 0, 0, 0, List.of(codec.encode(1, 1, EntryType.COMMAND, new byte[bytes])));
  }

  /** Who hears whom, as pairs such as {@code n1>n2}. */
  private Set<String> hearing() {
    inbox.values().forEach(List::clear);
    Set<String> heard = new TreeSet<>();
    for (String from : endpoints.keySet()) {
      for (String to : endpoints.keySet()) {
        if (!from.equals(to)) {
          endpoints.get(from).send(to, heartbeat(1));
          run(100);
          if (!inbox.get(to).isEmpty()) {
            heard.add(from + ">" + to);
          }
          inbox.get(to).clear();
        }
      }
    }
    return heard;
  }

  @Test
  void aConnectionLosesAllThatIsInFlightOrNothing() {
    SimLink link = network.link("n1", "n2").mode(LinkMode.CONNECTION).dropProbability(0.02);
    link.jitter(20 * MS);
    int expected = 1;
    for (int i = 1; i <= 2_000; i++) {
      endpoints.get("n1").send("n2", heartbeat(i));
      run(1);
    }
    run(1_000);
    List<Long> numbers = numbersAt("n2");
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    assertThat(numbers.size()).isBetween(500, 1_990);
    int gaps = 0;
    for (long number : numbers) {
      gaps += number == expected ? 0 : 1;
      expected = (int) number + 1;
    }
    assertThat(gaps).isPositive().isLessThanOrEqualTo((int) count(WorldMark.CONNECTION_RESET));
    assertThat(count(WorldMark.REORDERED)).isZero();
  }

  @Test
  void aResetLosesBothDirectionsAndWhatIsSentAfterwardsArrives() {
    network.eachLink(link -> link.mode(LinkMode.CONNECTION).delay(10 * MS).jitter(0));
    send("n1", "n2", 3);
    send("n2", "n1", 3);
    send("n1", "n3", 3);
    run(5);
    network.reset("n1", "n2");
    endpoints.get("n1").send("n2", heartbeat(9));
    run(100);
    assertThat(inbox.get("n2")).containsExactly(heartbeat(9));
    assertThat(inbox.get("n1")).isEmpty();
    assertThat(inbox.get("n3")).hasSize(3);
    assertThat(count(WorldMark.CONNECTION_RESET)).isEqualTo(2);
    assertThat(network.link("n1", "n2").underWay()).isZero();
  }

  @Test
  void aResetAlsoLosesWhatIsCloggedAndWhatWaitsForBandwidth() {
    network.link("n1", "n2").mode(LinkMode.CONNECTION).bytesPerSecond(1_000);
    endpoints.get("n1").send("n2", bulk(500));
    endpoints.get("n1").send("n2", bulk(500));
    network.clog("n1", "n3", 100 * MS);
    send("n1", "n3", 2);
    network.reset("n1", "n2");
    network.reset("n1", "n3");
    run(5_000);
    assertThat(inbox.get("n2")).isEmpty();
    assertThat(inbox.get("n3")).isEmpty();
    assertThat(network.statistics().dropped(MessageKind.APPEND_ENTRIES)).isEqualTo(2);
    assertThat(network.statistics().dropped(MessageKind.HEARTBEAT)).isEqualTo(2);
  }

  @Test
  void aShortCutBreaksAConnectionButADatagramOnItsWaySurvivesIt() {
    network.eachLink(link -> link.delay(20 * MS).jitter(0));
    network.link("n1", "n2").mode(LinkMode.CONNECTION);
    send("n1", "n2", 3);
    send("n1", "n3", 3);
    run(5);
    network.cut("n1", "n2");
    network.cut("n1", "n3");
    endpoints.get("n1").send("n2", heartbeat(4));
    endpoints.get("n1").send("n3", heartbeat(4));
    network.healAll();
    endpoints.get("n1").send("n2", heartbeat(5));
    endpoints.get("n1").send("n3", heartbeat(5));
    run(100);
    assertThat(numbersAt("n2")).containsExactly(5L);
    assertThat(numbersAt("n3")).containsExactly(1L, 2L, 3L, 5L);
  }

  @Test
  void aLateCopyComesOverAConnectionTooAndMayMeetAnotherLife() {
    network.link("n1", "n2").mode(LinkMode.CONNECTION).lateReplay(1, 60_000 * MS);
    send("n1", "n2", 20);
    run(100);
    world.machine("n2").crash();
    boot("n2");
    run(60_000);
    assertThat(inbox.get("n2")).hasSizeBetween(15, 20);
    assertThat(count(WorldMark.LATE_REPLAY_DELIVERED)).isEqualTo(20);
    assertThat(count(WorldMark.LATE_REPLAY_TO_ANOTHER_LIFE)).isEqualTo(inbox.get("n2").size());
  }

  @Test
  void datagramsOvertakeAndRepeatEachOther() {
    network.link("n1", "n2").jitter(10 * MS).duplicateProbability(0.3);
    send("n1", "n2", 200);
    run(1_000);
    assertThat(count(WorldMark.REORDERED)).isPositive();
    assertThat(count(WorldMark.DUPLICATE_DELIVERED)).isEqualTo(inbox.get("n2").size() - 200L);
    assertThat(count(WorldMark.DUPLICATE_DELIVERED)).isPositive();
  }

  @Test
  void anotherBandwidthHoldsForWhatIsQueuedAlready() {
    SimLink link = network.link("n1", "n2").delay(0).jitter(0).mode(LinkMode.CONNECTION);
    link.bytesPerSecond(10_000);
    for (int i = 0; i < 4; i++) {
      endpoints.get("n1").send("n2", bulk(10_000));
    }
    run(500);
    assertThat(inbox.get("n2")).isEmpty();
    assertThat(count(WorldMark.BANDWIDTH_QUEUED)).isEqualTo(3);
    link.bytesPerSecond(100_000);
    run(40);
    assertThat(inbox.get("n2")).as("half of the first was still to come").isEmpty();
    run(20);
    assertThat(inbox.get("n2")).hasSize(1);
    run(110);
    assertThat(inbox.get("n2")).hasSize(2);
    link.bytesPerSecond(0);
    run(1);
    assertThat(inbox.get("n2")).hasSize(4);
  }

  @Test
  void healingLetsGoWhatWasCloggedAtOnceAndInOrder() {
    network.link("n1", "n2").mode(LinkMode.CONNECTION);
    network.clog("n1", "n2", 60_000 * MS);
    send("n1", "n2", 3);
    run(1_000);
    assertThat(inbox.get("n2")).isEmpty();
    network.healAll();
    endpoints.get("n1").send("n2", heartbeat(4));
    run(100);
    assertThat(numbersAt("n2")).containsExactly(1L, 2L, 3L, 4L);
    assertThat(count(WorldMark.CLOGGED)).isEqualTo(3);
  }

  @Test
  void overABridgeOnlyOneNodeReachesBothHalves() {
    world.addMachine("n4");
    world.addMachine("n5");
    boot("n4");
    boot("n5");
    network.bridge("n3");
    assertThat(hearing())
        .containsExactly(
            "n1>n2", "n1>n3", "n2>n1", "n2>n3", "n3>n1", "n3>n2", "n3>n4", "n3>n5", "n4>n3",
            "n4>n5", "n5>n3", "n5>n4");
    network.healAll();
    assertThat(hearing()).hasSize(20);
  }

  @Test
  void aMuteNodeHearsAndADeafOneIsHeard() {
    network.mute("n1");
    assertThat(hearing()).containsExactly("n2>n1", "n2>n3", "n3>n1", "n3>n2");
    network.healAll();
    network.deafen("n1");
    assertThat(hearing()).containsExactly("n1>n2", "n1>n3", "n2>n3", "n3>n2");
  }

  @Test
  void swizzlingStopsNodesOneByOneAndLetsAllOfThemGo() {
    SimRandom draw = new SimRandom(5, "swizzle");
    TreeSet<String> shapes = new TreeSet<>();
    for (int round = 0; round < 20; round++) {
      network.swizzleClog(draw, 1_000 * MS);
      for (int i = 0; i < 10; i++) {
        run(100);
        StringBuilder shape = new StringBuilder();
        for (String id : endpoints.keySet()) {
          String next = id.equals("n1") ? "n2" : id.equals("n2") ? "n3" : "n1";
          shape.append(network.link(id, next).isClogged() ? 'x' : '-');
        }
        shapes.add(shape.toString());
      }
      run(1);
      assertThat(network.link("n1", "n2").isClogged()).isFalse();
      assertThat(network.link("n2", "n3").isClogged()).isFalse();
    }
    assertThat(shapes).as("one node, then two, then all").contains("---", "xxx");
    assertThat(shapes.size()).isGreaterThan(3);
  }

  @Test
  void healingEndsSwizzlingForGood() {
    network.swizzleClog(new SimRandom(5, "swizzle"), 1_000 * MS);
    run(1);
    network.healAll();
    for (int i = 0; i < 100; i++) {
      run(10);
      List<Message> heard = inbox.get("n2");
      heard.clear();
      send("n1", "n2", 1);
      run(10);
      assertThat(heard).hasSize(1);
    }
  }
}
