package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.Probe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of commands between their acceptance and their outcome. */
class ProposalsTest {
  private static final RaftOptions OPTIONS =
      new RaftOptions().setNodeId("n1").setProposalsInFlightMax(2);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<Proposal> taken = new ArrayList<>();
  private final Proposals proposals =
      new Proposals(
          scheduler,
          OPTIONS,
          Probe.NONE,
          batch -> {
            batch.forEach(Proposal::takeEncoded);
            taken.addAll(batch);
          });

  private Future<Buffer> append(String command, long index) {
    Future<Buffer> outcome =
        proposals.offer(new CommandEncoder(OPTIONS).command(Buffer.buffer(command)), 0);
    scheduler.run();
    proposals.appended(List.of(taken.get(taken.size() - 1)), index, 1);
    return outcome;
  }

  /** The two commands at 5 and 6 are gone; at 5 the next leader's first entry is applied. */
  @Test
  void aPlaceThatAnEntryWithoutAnAnswerHasTakenIsNotHeldForEver() {
    proposals.open();
    Future<Buffer> replaced = append("replaced", 5);
    Future<Buffer> next = append("next", 6);
    assertThat(proposals.inFlight()).isEqualTo(2);

    proposals.appliedUpTo(5);
    proposals.flush();
    scheduler.run();

    assertThat(replaced.failed()).isTrue();
    assertThat(replaced.cause()).isInstanceOf(Unknown.class);
    assertThat(next.isComplete()).isFalse();
    assertThat(proposals.inFlight()).isEqualTo(1);
    assertThat(proposals.bytesInFlight()).isPositive();

    proposals.applied(6, 1, Buffer.buffer("done"));
    proposals.appliedUpTo(6);
    proposals.flush();
    scheduler.run();

    assertThat(next.result()).hasToString("done");
    assertThat(proposals.inFlight()).isZero();
  }
}
