package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.Transport.Endpoint;
import io.vertxraft.testkit.oracle.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimNetworkTest extends NetworkFixture {
  @Test
  void everyMessageArrivesOnceAfterAtLeastTheDelay() {
    network.link("n1", "n2").delay(10 * MS).jitter(5 * MS);
    send("n1", "n2", 50);
    run(9);
    assertThat(inbox.get("n2")).isEmpty();
    run(500);
    assertThat(inbox.get("n2")).hasSize(50).doesNotHaveDuplicates();
    assertThat(inbox.get("n3")).isEmpty();
    assertThat(network.statistics().delivered(MessageKind.HEARTBEAT)).isEqualTo(50);
  }

  @Test
  void anUnorderedLinkReordersAndAnOrderedOneDoesNot() {
    network.eachLink(link -> link.jitter(5 * MS));
    network.link("n1", "n3").ordered(true);
    send("n1", "n2", 50);
    send("n1", "n3", 50);
    run(500);
    List<Message> sent = new ArrayList<>(inbox.get("n2"));
    sent.sort((a, b) -> Long.compare(((Heartbeat) a).commitIndex(), ((Heartbeat) b).commitIndex()));
    assertThat(inbox.get("n2")).isNotEqualTo(sent);
    assertThat(inbox.get("n3")).isEqualTo(sent);
  }

  @Test
  void aLossyLinkLosesAndRepeatsItsShare() {
    network.link("n1", "n2").dropProbability(0.3);
    network.link("n1", "n3").duplicateProbability(0.5);
    send("n1", "n2", 1_000);
    send("n1", "n3", 1_000);
    run(1_000);
    assertThat(inbox.get("n2").size()).isBetween(620, 780);
    assertThat(inbox.get("n3").size()).isBetween(1_400, 1_600);
  }

  @Test
  void aOneWayCutLosesOneDirectionAndWhatIsOnItsWay() {
    send("n1", "n2", 5);
    network.cutOneWay("n1", "n2");
    send("n2", "n1", 5);
    run(100);
    assertThat(inbox.get("n2")).isEmpty();
    assertThat(inbox.get("n1")).hasSize(5);
    network.healAll();
    send("n1", "n2", 5);
    run(100);
    assertThat(inbox.get("n2")).hasSize(5);
  }

  @Test
  void aPartitionCutsOnlyBetweenTheSides() {
    network.partition(Set.of("n1", "n2"));
    send("n1", "n2", 1);
    send("n1", "n3", 1);
    send("n3", "n2", 1);
    run(100);
    assertThat(inbox.get("n2")).hasSize(1);
    assertThat(inbox.get("n3")).isEmpty();
  }

  @Test
  void aRuleDropsOnlyWhatItNames() {
    MessageRule rule = network.drop(Heartbeat.class).from("n1").to("n3").times(2);
    send("n1", "n3", 3);
    endpoints.get("n1").send("n3", new HeartbeatReply(1, 1, 0, 0));
    send("n1", "n2", 3);
    run(100);
    assertThat(inbox.get("n3")).hasSize(2).contains(heartbeat(3), new HeartbeatReply(1, 1, 0, 0));
    assertThat(inbox.get("n2")).hasSize(3);
    assertThat(rule.hits()).isEqualTo(2);
  }

  @Test
  void heldMessagesArriveAfterTheirRelease() {
    MessageRule rule = network.hold(Heartbeat.class).when(m -> ((Heartbeat) m).commitIndex() == 2);
    send("n1", "n2", 3);
    run(100);
    assertThat(inbox.get("n2")).hasSize(2).doesNotContain(heartbeat(2));
    rule.release();
    run(100);
    assertThat(inbox.get("n2")).endsWith(heartbeat(2));
  }

  @Test
  void aCloggedLinkDeliversEverythingLater() {
    network.clog("n1", "n2", 50 * MS);
    send("n1", "n2", 3);
    run(50);
    assertThat(inbox.get("n2")).isEmpty();
    run(50);
    assertThat(inbox.get("n2")).hasSize(3);
  }

  @Test
  void bulkDataUsesUpTheBandwidthAndHeartbeatsDoNotWaitForIt() {
    network.link("n1", "n2").bytesPerSecond(1_000_000).jitter(0);
    EntryCodec codec = new EntryCodec("g");
    AppendEntries bulk =
        new AppendEntries(
            1, 0, 0, 0, List.of(codec.encode(1, 1, EntryType.COMMAND, new byte[100_000])));
    endpoints.get("n1").send("n2", bulk);
    endpoints.get("n1").send("n2", bulk);
    send("n1", "n2", 1);
    run(99);
    assertThat(inbox.get("n2")).containsExactly(heartbeat(1));
    run(90);
    assertThat(inbox.get("n2")).hasSize(2);
    run(100);
    assertThat(inbox.get("n2")).hasSize(3);
  }

  @Test
  void messagesToADeadNodeVanish() {
    send("n1", "n2", 3);
    world.machine("n2").crash();
    run(100);
    boot("n2");
    run(100);
    assertThat(inbox.get("n2")).isEmpty();
  }

  @Test
  void aMessageMayReachTheNextLifeUnlessTheLinkIsAConnection() {
    network.link("n3", "n2").mode(LinkMode.CONNECTION);
    send("n1", "n2", 3);
    send("n3", "n2", 3);
    world.machine("n2").crash();
    boot("n2");
    run(100);
    assertThat(inbox.get("n2")).hasSize(3);
  }

  @Test
  void aLateReplayBringsMessagesBackMuchLater() {
    network.link("n1", "n2").lateReplay(1, 10_000 * MS);
    send("n1", "n2", 20);
    run(100);
    int early = inbox.get("n2").size();
    run(10_000);
    assertThat(early).isBetween(20, 25);
    assertThat(inbox.get("n2")).hasSize(40);
  }

  @Test
  void anotherClusterAndAStrangerAreNotHeard() {
    world.machine("n3").crash();
    join("n3", "other");
    send("n3", "n1", 3);
    send("n1", "n3", 3);
    endpoints.get("n1").send("n9", heartbeat(1));
    run(100);
    assertThat(inbox.get("n1")).isEmpty();
    assertThat(inbox.get("n3")).isEmpty();
  }

  @Test
  void joiningTwiceOrAsSomebodyElseIsRefused() {
    SimMachine.Life life = world.machine("n1").life();
    for (GroupIdentity identity :
        List.of(
            new GroupIdentity("cluster", "g", "n1"),
            new GroupIdentity("cluster", "g", "n2"),
            new GroupIdentity("other", "g2", "n1"))) {
      Future<Endpoint> joined =
          life.transport().join(identity, MEMBERS, life.scheduler(), (from, message) -> {});
      run(1);
      assertThat(joined.failed()).as(identity.toString()).isTrue();
    }
  }

  @Test
  void aClosedEndpointHearsNothing() {
    send("n1", "n2", 3);
    endpoints.get("n2").close();
    run(100);
    assertThat(inbox.get("n2")).isEmpty();
  }

  @Test
  void entriesAreDecodedAnewSoThatDamageShows() {
    LogEntry entry = new EntryCodec("g").encode(1, 1, EntryType.COMMAND, new byte[] {1, 2, 3});
    AppendEntries message = new AppendEntries(1, 0, 0, 0, List.of(entry));
    endpoints.get("n1").send("n2", message);
    run(100);
    LogEntry received = ((AppendEntries) inbox.get("n2").get(0)).entries().get(0);
    assertThat(received).isEqualTo(entry).isNotSameAs(entry);
    assertThat(received.encoded()).isNotSameAs(entry.encoded());

    entry.encoded()[26] ^= 1;
    endpoints.get("n1").send("n2", message);
    assertThatThrownBy(() -> run(100)).isInstanceOf(Violation.class).hasMessageContaining("CODEC");
  }

  @Test
  void everyKindOfMessageSurvivesTheWireAndSharesNothingWithTheSenders() {
    network.eachLink(link -> link.mode(LinkMode.CONNECTION));
    byte[] bytes = {1, 2, 3};
    List<Message> messages =
        List.of(
            new PreVoteRequest(7, 5, 4),
            new PreVoteReply(7, 8, true),
            VoteRequest.of(7, 5, 4),
            new VoteReply(7, true),
            new Heartbeat(7, 5, 4, -9, 0),
            new HeartbeatReply(7, -9, 0, 0),
            new AppendEntriesReply(7, false, 5, 4, 3),
            new StatusRequest(11));
    messages.forEach(message -> endpoints.get("n1").send("n2", message));
    run(100);
    assertThat(inbox.get("n2")).containsExactlyElementsOf(messages);

    inbox.get("n2").clear();
    endpoints.get("n1").send("n2", new ForwardRequest(1, 7, bytes));
    endpoints.get("n1").send("n3", new ForwardRequest(1, 7, bytes));
    bytes[0] = 9;
    run(100);
    byte[] atN2 = ((ForwardRequest) inbox.get("n2").get(0)).command();
    byte[] atN3 = ((ForwardRequest) inbox.get("n3").get(0)).command();
    assertThat(atN2).containsExactly(1, 2, 3).isNotSameAs(atN3);
    assertThat(atN3).containsExactly(1, 2, 3);
  }

  @Test
  void statisticsCountTheBytesOnTheWire() {
    LogEntry entry = new EntryCodec("g").encode(1, 1, EntryType.COMMAND, new byte[1_000]);
    endpoints.get("n1").send("n2", new AppendEntries(1, 0, 0, 0, List.of(entry)));
    assertThat(network.statistics().sentBytes(MessageKind.APPEND_ENTRIES))
        .isBetween(1_024L, 1_060L);
  }
}
