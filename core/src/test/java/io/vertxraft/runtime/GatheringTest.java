package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftStatus;
import io.vertxraft.consensus.RoleKind;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Group commit at the leader: what comes while a write is under way goes together after it. */
class GatheringTest {
  private static final long SECOND = 1_000_000_000L;

  private final NodeFixture fixture = new NodeFixture();

  private long lastAppended(NodeRuntime node) {
    return node.core().log().lastIndex();
  }

  @Test
  void aCommandThatFindsNothingUnderWayIsAppendedAtOnce() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setStorageStallMs(60_000));
    long before = lastAppended(node);
    fixture.diskIsStuck = true;

    fixture.apply(node, "a");

    assertThat(lastAppended(node)).isEqualTo(before + 1);
  }

  @Test
  void commandsThatComeWhileAWriteIsUnderWayWaitForItsEndAndGoTogether() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setStorageStallMs(60_000));
    long before = lastAppended(node);
    fixture.diskIsStuck = true;
    Future<Buffer> first = fixture.apply(node, "a");
    Future<Buffer> second = fixture.apply(node, "b");
    Future<Buffer> third = fixture.apply(node, "c");
    assertThat(lastAppended(node)).isEqualTo(before + 1);
    Future<RaftStatus> status = node.status();
    fixture.scheduler.run();
    assertThat(status.result().getStages().get(0).getDepth()).isEqualTo(2);

    fixture.sync();
    fixture.scheduler.run();

    assertThat(first.result()).isEqualTo(Buffer.buffer("a"));
    assertThat(lastAppended(node)).isEqualTo(before + 3);
    assertThat(second.isComplete()).isFalse();

    fixture.sync();
    fixture.scheduler.run();

    assertThat(second.result()).isEqualTo(Buffer.buffer("b"));
    assertThat(third.result()).isEqualTo(Buffer.buffer("c"));
  }

  @Test
  void manyCommandsDoNotWait() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setStorageStallMs(60_000));
    long before = lastAppended(node);
    fixture.diskIsStuck = true;
    fixture.apply(node, "a");
    String large = "x".repeat(Gathering.BYTES_MAX / 2);
    fixture.apply(node, large);
    assertThat(lastAppended(node)).isEqualTo(before + 1);

    fixture.apply(node, large);

    assertThat(lastAppended(node)).isEqualTo(before + 3);
  }

  @Test
  void aCommandThatWaitsTooLongIsAnsweredAndNotAppendedAfterwards() {
    NodeRuntime node =
        fixture.lead(NodeFixture.options(1).setStorageStallMs(60_000).setApplyTimeoutMs(2_000));
    long before = lastAppended(node);
    fixture.diskIsStuck = true;
    fixture.apply(node, "a");
    Future<Buffer> late = fixture.apply(node, "b");

    fixture.scheduler.advance(3 * SECOND);

    assertThat(late.cause()).isInstanceOf(Unknown.class);
    fixture.sync();
    fixture.scheduler.run();
    assertThat(lastAppended(node)).isEqualTo(before + 1);
  }

  @Test
  void whatWaitsWhenTheLeadershipIsLostIsPassedOnToTheNextLeader() {
    NodeRuntime node = leaderOfThree();
    fixture.diskIsStuck = true;
    Future<Buffer> appended = fixture.apply(node, "a");
    Future<Buffer> waiting = fixture.apply(node, "b");
    fixture.sent.clear();

    fixture.receiver.receive("n3", new Heartbeat(9, 0, 0, 0, 0));
    fixture.scheduler.run();

    assertThat(appended.cause()).isInstanceOf(Unknown.class);
    assertThat(waiting.isComplete()).isFalse();
    List<Message> forwards = new ArrayList<>(fixture.sent);
    forwards.removeIf(message -> !(message instanceof ForwardRequest));
    assertThat(forwards).hasSize(1);
  }

  @Test
  void commandsThatWaitForAWriteGoBeforeThoseThatWaitForAHandover() {
    NodeRuntime node = leaderOfThree();
    fixture.scheduler.advance(SECOND / 10);
    answerHeartbeats();
    fixture.diskIsStuck = true;
    fixture.apply(node, "a");
    fixture.apply(node, "b");
    Future<Void> handover = node.transferLeadership("n2");
    fixture.scheduler.run();
    // The target has all, and is asked to campaign; from now on commands wait.
    fixture.receiver.receive("n2", AppendEntriesReply.accepted(1, lastAppended(node)));
    fixture.scheduler.run();
    assertThat(fixture.sent).anyMatch(TimeoutNow.class::isInstance);
    fixture.apply(node, "c");
    fixture.sync();
    fixture.scheduler.run();

    for (int i = 0; i < 30 && !handover.isComplete(); i++) {
      // They follow, and so it goes on leading when the handover comes to nothing.
      fixture.scheduler.advance(SECOND / 10);
      answerHeartbeats();
    }
    fixture.sync();
    fixture.scheduler.run();

    assertThat(handover.failed()).isTrue();
    assertThat(payloads(node)).endsWith("a", "b", "c");
  }

  private void answerHeartbeats() {
    for (NodeFixture.Sent message : List.copyOf(fixture.outbox)) {
      if (message.message() instanceof Heartbeat heartbeat) {
        fixture.receiver.receive(
            message.to(), new HeartbeatReply(heartbeat.term(), heartbeat.sentAtNanos(), 0, 0));
      }
    }
    fixture.outbox.clear();
    fixture.scheduler.run();
  }

  private static List<String> payloads(NodeRuntime node) {
    List<String> payloads = new ArrayList<>();
    for (long index = 1; index <= node.core().log().lastIndex(); index++) {
      LogEntry entry = node.core().log().entryIfCached(index);
      payloads.add(
          new String(
              entry.encoded(),
              entry.payloadOffset(),
              entry.encodedBytes() - entry.payloadOffset(),
              StandardCharsets.UTF_8));
    }
    return payloads;
  }

  private NodeRuntime leaderOfThree() {
    NodeRuntime node = fixture.start(NodeFixture.options(3).setStorageStallMs(60_000));
    for (int i = 0; i < 30 && node.core().roleKind() != RoleKind.PRE_CANDIDATE; i++) {
      fixture.scheduler.advance(SECOND / 10);
    }
    fixture.receiver.receive("n2", new PreVoteReply(0, 1, true));
    fixture.scheduler.run();
    fixture.receiver.receive("n2", new VoteReply(1, true));
    fixture.scheduler.run();
    assertThat(node.core().isLeader()).isTrue();
    assertThat(fixture.sent).noneMatch(HeartbeatReply.class::isInstance);
    return node;
  }
}
