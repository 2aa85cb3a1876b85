package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Consistency;
import io.vertxraft.RaftException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.testkit.linearizability.CheckResult;
import io.vertxraft.testkit.linearizability.Verdict;
import io.vertxraft.testkit.sim.ClientOperation.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulated clients against one state machine without a log, which goes wrong on purpose. */
class LinearizabilityTest {
  private static final long MS = 1_000_000;

  /** What comes later is unknown to the past. */
  private static final int LAST_OF_THE_PAST = 1_000;

  /** What happens to a command, by its number; the rest goes well. */
  private enum Fate {
    FINE,
    UNKNOWN_APPLIED,
    UNKNOWN_NEVER,
    FATAL_YET_APPLIED,
    REJECTED,
    REJECTED_YET_APPLIED,
    ACKNOWLEDGED_NEVER_APPLIED,
    APPLIED_TWICE,
    READ_FROM_THE_PAST
  }

  private final SimWorld world = new SimWorld(11, List.of("n1"));
  private final EntryCodec codec = new EntryCodec("g");
  private final SimRandom random = new SimRandom(11, "service");
  private final SimStateMachine present = new SimStateMachine();
  private final SimStateMachine past = new SimStateMachine();
  private final SimClients clients =
      new SimClients(world, 6, nodeId -> new Service()).readThroughLog();
  private Fate exception = Fate.FINE;
  private double unknown;
  private int commands;
  private long index;

  /** A service whose every answer takes its place in one order. */
  private final class Service implements SimClients.Target {
    @Override
    public Future<Buffer> apply(Buffer command) {
      return LinearizabilityTest.this.apply(command);
    }

    @Override
    public Future<Buffer> read(Consistency consistency, Buffer query) {
      throw new AssertionError("reads go through the log here");
    }
  }

  private Future<Buffer> apply(Buffer command) {
    Promise<Buffer> promise = Promise.promise();
    SimContext client = world.loop().current();
    client.after(random.exponential(20 * MS), () -> applyNow(promise, command, client));
    return promise.future();
  }

  private void applyNow(Promise<Buffer> promise, Buffer command, SimContext client) {
    switch (fateOf(SimCommand.decode(command))) {
      case UNKNOWN_APPLIED -> {
        advance(present, command);
        answer(promise, client, null, unknown());
      }
      case UNKNOWN_NEVER -> answer(promise, client, null, unknown());
      case FATAL_YET_APPLIED -> {
        advance(present, command);
        answer(promise, client, null, new RaftException.Fatal("test", null));
      }
      case REJECTED -> answer(promise, client, null, rejected());
      case REJECTED_YET_APPLIED -> {
        advance(present, command);
        answer(promise, client, null, rejected());
      }
      case ACKNOWLEDGED_NEVER_APPLIED -> {
        SimStateMachine lost = new SimStateMachine();
        answer(promise, client, advance(lost, command), null);
      }
      case APPLIED_TWICE -> {
        advance(present, command);
        answer(promise, client, advance(present, command), null);
      }
      case READ_FROM_THE_PAST -> answer(promise, client, advance(past, command), null);
      case FINE -> answer(promise, client, advance(present, command), null);
    }
  }

  private Fate fateOf(SimCommand command) {
    commands++;
    if (random.chance(unknown)) {
      return Fate.values()[(int) random.between(1, 3)];
    }
    boolean reads = command.operation() == SimCommand.Operation.GET;
    return commands > 2 * LAST_OF_THE_PAST && reads == (exception == Fate.READ_FROM_THE_PAST)
        ? exception
        : commands % 50 == 0 ? Fate.REJECTED : Fate.FINE;
  }

  private Buffer advance(SimStateMachine machine, Buffer command) {
    index++;
    LogEntry entry = codec.encode(index, 1, EntryType.COMMAND, command.getBytes());
    if (machine == present && commands <= LAST_OF_THE_PAST) {
      past.apply(List.of(new Command(entry)));
    }
    return machine.apply(List.of(new Command(entry))).result().get(0);
  }

  private void answer(
      Promise<Buffer> promise, SimContext client, Buffer reply, RaftException failure) {
    client.after(
        random.exponential(20 * MS),
        () -> {
          if (failure == null) {
            promise.complete(reply);
          } else {
            promise.fail(failure);
          }
        });
  }

  private static RaftException unknown() {
    return new RaftException.Unknown(RaftException.Unknown.Reason.DEADLINE, "test", null);
  }

  private static RaftException rejected() {
    return new RaftException.Rejected(RaftException.Rejected.Reason.OVERLOADED, "test", null);
  }

  private CheckResult run() {
    clients.start(100);
    world.loop().runFor(60_000 * MS);
    clients.stop();
    return Linearizability.check(clients.history());
  }

  @Test
  void whatOneStateMachineAnswersIsRight() {
    CheckResult result = run();

    assertThat(result.ok()).as(result.report()).isTrue();
    assertThat(result.keys()).hasSizeGreaterThanOrEqualTo(50);
    assertThat(result.operations()).isGreaterThan(5_000);
    assertThat(clients.count(Outcome.REJECTED)).isGreaterThan(50);
    assertThat(clients.history())
        .as("compare-and-sets that found what they expected")
        .filteredOn(op -> op.command().operation() == SimCommand.Operation.CAS)
        .filteredOn(op -> op.reply() != null && op.reply().value() == op.command().expected())
        .hasSizeGreaterThan(100);
  }

  @Test
  void answersThatNeverCameMakeItNeitherWrongNorUndecided() {
    unknown = 0.3;

    CheckResult result = run();

    assertThat(result.ok()).as(result.report()).isTrue();
    assertThat(clients.count(Outcome.UNKNOWN)).isGreaterThan(1_000);
    assertThat(clients.count(Outcome.FATAL)).isGreaterThan(500);
  }

  @Test
  void whatTheLogDoesNotHoldNeedNotBeGuessedAt() {
    exception = Fate.UNKNOWN_APPLIED;

    CheckResult withoutHelp = run();
    CheckResult withWrongHelp = Linearizability.check(clients.history(), operation -> true);

    assertThat(withoutHelp.ok()).as(withoutHelp.report()).isTrue();
    assertThat(withWrongHelp.verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
  }

  private void isFound(Fate fate) {
    exception = fate;

    CheckResult result = run();

    assertThat(result.verdict()).as(fate.name()).isEqualTo(Verdict.NOT_LINEARIZABLE);
    assertThat(result.report()).contains("<== cannot be");
  }

  @Test
  void aRejectedCommandThatTookEffectIsFound() {
    isFound(Fate.REJECTED_YET_APPLIED);
  }

  @Test
  void anAcknowledgedCommandThatWasLostIsFound() {
    isFound(Fate.ACKNOWLEDGED_NEVER_APPLIED);
  }

  @Test
  void aCommandThatWasAppliedTwiceIsFound() {
    isFound(Fate.APPLIED_TWICE);
  }

  @Test
  void aReadOfThePastIsFound() {
    isFound(Fate.READ_FROM_THE_PAST);
  }
}
