package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException.Fatal;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.Probe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every order of what can happen to commands, up to a depth: offered, appended, refused, applied,
 * replaced by another leader's entries, deposed, too late, closed, failed. Whatever the order, each
 * command is answered exactly once, and nothing is left of it in the budget.
 */
class ProposalInterleavingsTest {
  private static final int DEPTH = 7;
  private static final int OFFERS_MAX = 2;
  private static final RaftOptions OPTIONS =
      new RaftOptions().setNodeId("n1").setApplyTimeoutMs(1_000);

  /** What may happen next. */
  private enum Step {
    OFFER,
    APPEND,
    REFUSE,
    APPLY,
    REPLACE_BY_COMMAND,
    REPLACE_BY_NO_OP,
    DEPOSE,
    TIME_PASSES
  }

  /** How it ends. */
  private enum End {
    CLOSED,
    FAILED
  }

  private final Logger logger = Logger.getLogger(Completions.class.getName());
  private final List<LogRecord> complaints = new ArrayList<>();
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord complaint) {
          complaints.add(complaint);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(listener);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(listener);
    logger.setUseParentHandlers(true);
  }

  /** A member's proposals in one order of events. */
  private static final class Run {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ArrayDeque<List<Proposal>> taken = new ArrayDeque<>();
    private final ArrayDeque<Proposal> inLog = new ArrayDeque<>();
    private final List<Integer> answers = new ArrayList<>();
    private final Proposals proposals = new Proposals(scheduler, OPTIONS, Probe.NONE, taken::add);
    private long term = 1;
    private long lastIndex;
    private long applied;

    Run() {
      proposals.open();
    }

    /** Whether the step is possible now; if so, it is done. */
    boolean does(Step step) {
      switch (step) {
        case OFFER -> {
          if (answers.size() == OFFERS_MAX) {
            return false;
          }
          offer();
        }
        case APPEND -> {
          if (taken.isEmpty()) {
            return false;
          }
          append(taken.poll());
        }
        case REFUSE -> {
          if (taken.isEmpty()) {
            return false;
          }
          taken
              .poll()
              .forEach(proposal -> proposals.fail(proposal, Rejections.notLeader("n1", null)));
          proposals.flush();
        }
        case APPLY, REPLACE_BY_COMMAND, REPLACE_BY_NO_OP -> {
          if (inLog.isEmpty()) {
            return false;
          }
          apply(step);
        }
        case DEPOSE -> {
          proposals.leadershipLost(applied, "n2");
          lastIndex = applied;
          inLog.clear();
          term++;
        }
        case TIME_PASSES -> scheduler.advance(TimeUnit.MILLISECONDS.toNanos(1_001));
      }
      scheduler.run();
      return true;
    }

    private void offer() {
      int number = answers.size();
      answers.add(0);
      Future<Buffer> outcome =
          proposals.offer(new CommandEncoder(OPTIONS).command(Buffer.buffer("add")), 0);
      outcome.onComplete(done -> answers.set(number, answers.get(number) + 1));
    }

    private void append(List<Proposal> batch) {
      for (Proposal proposal : batch) {
        proposals.watch(proposal);
        proposal.takeEncoded();
      }
      proposals.appended(batch, lastIndex + 1, term);
      lastIndex += batch.size();
      inLog.addAll(batch);
    }

    private void apply(Step step) {
      Future<Buffer> outcome = inLog.poll().future();
      final boolean open = !outcome.isComplete();
      applied++;
      if (step != Step.REPLACE_BY_NO_OP) {
        long entryTerm = step == Step.APPLY ? term : term + 1;
        proposals.applied(applied, entryTerm, Buffer.buffer("reply"));
      }
      proposals.appliedUpTo(applied);
      proposals.flush();
      scheduler.run();
      if (open) {
        assertThat(outcome.succeeded()).as("%s at %d", step, applied).isEqualTo(step == Step.APPLY);
      }
    }

    void end(End end) {
      if (end == End.CLOSED) {
        proposals.refuse(new Rejected(Rejected.Reason.SHUTTING_DOWN, "closed", null));
        proposals.closeAll();
      } else {
        Fatal fatal = new Fatal("failed", null);
        proposals.refuse(fatal);
        proposals.failAll(fatal);
      }
      scheduler.run();
      // What the node had taken and not appended yet is told when its turn comes.
      boolean more = true;
      while (more) {
        more = does(Step.REFUSE);
      }
    }
  }

  @Test
  void eachCommandIsAnsweredOnceWhateverTheOrder() {
    int runs = explore(new ArrayList<>());

    assertThat(runs).as("orders tried").isGreaterThan(10_000);
    assertThat(complaints).isEmpty();
  }

  private int explore(List<Step> prefix) {
    int runs = 0;
    for (End end : End.values()) {
      Run run = replay(prefix);
      if (run == null) {
        return 0;
      }
      run.end(end);
      assertThat(run.answers).as("%s, then %s", prefix, end).allMatch(count -> count == 1);
      assertThat(run.proposals.inFlight()).as("%s, then %s", prefix, end).isZero();
      assertThat(run.proposals.bytesInFlight()).as("%s, then %s", prefix, end).isZero();
      runs++;
    }
    if (prefix.size() < DEPTH) {
      for (Step step : Step.values()) {
        prefix.add(step);
        runs += explore(prefix);
        prefix.remove(prefix.size() - 1);
      }
    }
    return runs;
  }

  /** The run with these steps, or null if one of them is not possible. */
  private static Run replay(List<Step> steps) {
    Run run = new Run();
    for (Step step : steps) {
      if (!run.does(step)) {
        return null;
      }
    }
    return run;
  }
}
