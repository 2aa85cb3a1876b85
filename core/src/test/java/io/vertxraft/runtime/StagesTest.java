package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftStage;
import io.vertxraft.RaftStatus;
import io.vertxraft.StageStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of the three stages that every command passes. */
class StagesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int HEADER = io.vertxraft.protocol.EntryCodec.HEADER_BYTES;

  private final NodeFixture fixture = new NodeFixture();
  private final List<Promise<List<Buffer>>> batches = new ArrayList<>();

  private StageStatus stage(NodeRuntime node, RaftStage stage) {
    Future<RaftStatus> status = node.status();
    fixture.scheduler.run();
    RaftStatus read = new RaftStatus(status.result().toJson());
    return read.getStages().stream().filter(s -> s.getStage() == stage).findFirst().orElseThrow();
  }

  private void applyThree(NodeRuntime node) {
    for (int i = 0; i < 3; i++) {
      node.apply(Buffer.buffer("1234567"));
    }
  }

  @Test
  void whatHasNotBeenAppendedYetIsInTheFirstStage() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    // The status is taken first.
    Future<RaftStatus> status = node.status();
    applyThree(node);
    fixture.scheduler.run();

    StageStatus stage = status.result().getStages().get(0);
    assertThat(stage.getStage()).isEqualTo(RaftStage.NODE);
    assertThat(stage.getDepth()).isEqualTo(3);
    assertThat(stage.getDepthBytes()).isEqualTo(3 * (HEADER + 7));

    StageStatus later = stage(node, RaftStage.NODE);
    assertThat(later.getDepth()).isZero();
    assertThat(later.getBatches()).isEqualTo(1);
    assertThat(later.getEntries()).isEqualTo(3);
    assertThat(later.getLastBatch()).isEqualTo(3);
  }

  @Test
  void whatADiskHasNotWrittenIsInTheSecond() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1).setStorageStallMs(60_000));
    long before = stage(node, RaftStage.LOG).getBatches();
    fixture.diskIsStuck = true;
    applyThree(node);
    fixture.scheduler.run();
    fixture.scheduler.advance(2 * SECOND);

    StageStatus stuck = stage(node, RaftStage.LOG);
    assertThat(stuck.getDepth()).isEqualTo(3);
    assertThat(stuck.getDepthBytes()).isEqualTo(3 * (HEADER + 7));
    assertThat(stuck.getOldestMs()).isEqualTo(2_000);
    assertThat(stuck.getBatches()).isEqualTo(before + 1);
    assertThat(stuck.getLastBatch()).isEqualTo(3);

    fixture.sync();
    fixture.scheduler.run();

    StageStatus done = stage(node, RaftStage.LOG);
    assertThat(done.getLatency().getLastMicros()).isEqualTo(2_000_000);
    assertThat(stage(node, RaftStage.NODE).getLatency().getLastMicros())
        .as("the whole way of a command")
        .isEqualTo(2_000_000);
    assertThat(done.getDepth()).isZero();
    assertThat(done.getDepthBytes()).isZero();
    assertThat(done.getOldestMs()).isZero();
  }

  @Test
  void whatTheStateMachineHasNotAnsweredIsInTheThird() {
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    fixture.stateMachine =
        batch -> {
          Promise<List<Buffer>> answer = Promise.promise();
          batches.add(answer);
          return answer.future();
        };
    fixture.apply(node, "1234567");
    applyThree(node);
    fixture.scheduler.run();
    fixture.scheduler.advance(3 * SECOND);

    StageStatus busy = stage(node, RaftStage.STATE_MACHINE);
    assertThat(busy.getDepth()).as("one with it, three behind").isEqualTo(4);
    assertThat(busy.getDepthBytes()).isEqualTo(HEADER + 7);
    assertThat(busy.getOldestMs()).isEqualTo(3_000);
    assertThat(busy.getLastBatch()).isEqualTo(1);

    batches.get(0).complete(List.of(Buffer.buffer()));
    fixture.scheduler.run();
    assertThat(stage(node, RaftStage.STATE_MACHINE).getLastBatch()).isEqualTo(3);

    batches.get(1).complete(List.of(Buffer.buffer(), Buffer.buffer(), Buffer.buffer()));
    fixture.scheduler.run();
    StageStatus done = stage(node, RaftStage.STATE_MACHINE);
    assertThat(done.getDepth()).isZero();
    assertThat(done.getOldestMs()).isZero();
  }
}
