package io.vertxraft.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.ApplyOptions;
import io.vertxraft.Consistency;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.SessionOptions;
import io.vertxraft.runtime.ManualScheduler;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.ClientRequest.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a session does with the answers it gets, and without them. */
class ClientSessionTest {
  private static final long ID = 42;

  /** One attempt that has reached the group. */
  private record Sent(ClientRequest request, Promise<Buffer> answer) {}

  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<Sent> sent = new ArrayList<>();
  private final SessionOptions options =
      new SessionOptions()
          .setKeptMs(30_000)
          .setApplyTimeoutMs(1_000)
          .setAttemptTimeoutMs(300)
          .setRetryDelayMs(100)
          .setRetryDelayMaxMs(400)
          .setInFlightMax(3);

  private Future<Buffer> send(ClientRequest request) {
    Sent attempt = new Sent(request, Promise.promise());
    sent.add(attempt);
    return attempt.answer.future();
  }

  private ClientSession open() {
    Future<ClientSession> opening = ClientSession.open(scheduler, this::send, options);
    scheduler.run();
    answer(Buffer.buffer().appendLong(ID));
    sent.clear();
    return opening.result();
  }

  private Sent last() {
    return sent.get(sent.size() - 1);
  }

  private void answer(Buffer body) {
    last().answer.complete(body);
    scheduler.run();
  }

  private void fail(RaftException cause) {
    last().answer.fail(cause);
    scheduler.run();
  }

  private void passMs(long ms) {
    scheduler.advance(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private Future<Buffer> apply(ClientSession session, String command) {
    Future<Buffer> outcome = session.apply(Buffer.buffer(command));
    scheduler.run();
    return outcome;
  }

  private static Unknown lost() {
    return new Unknown(Unknown.Reason.FORWARD_LOST, "lost", "n2", 3, 77);
  }

  private static Rejected rejected(Rejected.Reason reason) {
    return new Rejected(reason, "no: " + reason, null);
  }

  @Test
  void whatIsUnknownIsSentAgainUnderTheSameNumber() {
    ClientSession session = open();
    Future<Buffer> outcome = apply(session, "add");
    fail(lost());
    assertThat(sent).hasSize(1);
    passMs(100);
    assertThat(sent).hasSize(2);
    answer(Buffer.buffer("once"));

    assertThat(outcome.result()).hasToString("once");
    assertThat(sent).allMatch(attempt -> attempt.request.sessionId() == ID);
    assertThat(sent).allMatch(attempt -> attempt.request.sequence() == 1);
    assertThat(session.id()).isEqualTo(ID);
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    apply(open(), "add");
    List<Long> at = new ArrayList<>();
    for (int ms = 0; ms < 1_000; ms++) {
      if (!last().answer.future().isComplete()) {
        at.add((long) ms);
        fail(rejected(Rejected.Reason.NOT_LEADER));
      }
      passMs(1);
    }
    // Half of each pause, for the test's random numbers are 0.
    assertThat(at).containsExactly(0L, 50L, 150L, 350L, 550L, 750L, 950L);
  }

  @Test
  void whenTimeIsOverItIsRejectedIfNoAttemptGotThroughAndUnknownOtherwise() {
    ClientSession session = open();
    Future<Buffer> never = apply(session, "a");
    fail(rejected(Rejected.Reason.OVERLOADED));
    passMs(100);
    fail(rejected(Rejected.Reason.NOT_LEADER));
    passMs(1_000);
    while (!never.isComplete()) {
      fail(rejected(Rejected.Reason.NOT_LEADER));
      passMs(1_000);
    }
    assertThat(never.cause()).isInstanceOf(Rejected.class);

    Future<Buffer> maybe = apply(session, "b");
    fail(lost());
    passMs(100);
    fail(rejected(Rejected.Reason.NOT_LEADER));
    passMs(1_000);
    while (!maybe.isComplete()) {
      fail(rejected(Rejected.Reason.NOT_LEADER));
      passMs(1_000);
    }
    assertThat(maybe.cause())
        .isInstanceOfSatisfying(
            Unknown.class,
            unknown -> {
              assertThat(unknown.reason()).isEqualTo(Unknown.Reason.DEADLINE);
              assertThat(unknown.index())
                  .as("the place of one of several attempts says nothing")
                  .isZero();
            });
  }

  @Test
  void anAttemptGetsNoMoreTimeThanIsLeft() {
    ClientSession session = open();
    session.apply(Buffer.buffer("a"), new ApplyOptions().setTimeoutMs(120));
    scheduler.run();

    assertThat(last().request.timeoutMs()).isEqualTo(120);
    fail(lost());
    passMs(100);
    assertThat(last().request.timeoutMs()).isEqualTo(20);
  }

  @Test
  void whatIsTooLargeIsNotSentAgain() {
    Future<Buffer> outcome = apply(open(), "huge");
    fail(rejected(Rejected.Reason.TOO_LARGE));

    assertThat(outcome.cause()).isInstanceOf(Rejected.class);
    assertThat(sent).hasSize(1);
  }

  @Test
  void theGroupHearsWhichAnswersHaveCome() {
    ClientSession session = open();
    apply(session, "a");
    apply(session, "b");
    sent.get(1).answer.complete(Buffer.buffer("b"));
    scheduler.run();
    apply(session, "c");
    assertThat(last().request.acknowledged()).isEqualTo(1);

    sent.get(0).answer.complete(Buffer.buffer("a"));
    scheduler.run();
    apply(session, "d");

    assertThat(last().request.sequence()).isEqualTo(4);
    assertThat(last().request.acknowledged()).isEqualTo(3);
  }

  @Test
  void noMoreThanAllowedAreInFlight() {
    ClientSession session = open();
    List<Future<Buffer>> outcomes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      outcomes.add(apply(session, "a"));
    }

    assertThat(sent).hasSize(3);
    assertThat(outcomes.get(3).cause())
        .isInstanceOfSatisfying(
            Rejected.class,
            cause -> assertThat(cause.reason()).isEqualTo(Rejected.Reason.OVERLOADED));
    answer(Buffer.buffer());
    assertThat(apply(session, "a").isComplete()).isFalse();
  }

  @Test
  void aSessionThatTheGroupHasForgottenEndsAndLeavesWhatMayHaveHappenedUnknown() {
    ClientSession session = open();
    Future<Buffer> maybe = apply(session, "a");
    final Future<Buffer> never = apply(session, "b");
    sent.get(0).answer.fail(lost());
    sent.get(1).answer.fail(rejected(Rejected.Reason.SESSION_EXPIRED));
    scheduler.run();
    passMs(100);
    fail(rejected(Rejected.Reason.SESSION_EXPIRED));

    assertThat(never.cause()).isInstanceOf(Rejected.class);
    assertThat(maybe.cause())
        .isInstanceOfSatisfying(
            Unknown.class,
            cause -> assertThat(cause.reason()).isEqualTo(Unknown.Reason.SESSION_EXPIRED));
    assertThat(session.ended().isComplete()).isTrue();
    int attempts = sent.size();
    assertThat(apply(session, "c").cause()).isInstanceOf(Rejected.class);
    assertThat(sent).hasSize(attempts);
  }

  @Test
  void anIdleSessionGivesSignsOfLifeAndABusyOneNeedsNone() {
    ClientSession session = open();
    passMs(10_000);
    assertThat(last().request.kind()).isEqualTo(Kind.KEEP_ALIVE);
    answer(Buffer.buffer());
    passMs(9_000);
    apply(session, "a");
    answer(Buffer.buffer());
    sent.clear();
    passMs(1_000);
    assertThat(sent).isEmpty();

    passMs(10_000);
    assertThat(last().request.kind()).isEqualTo(Kind.KEEP_ALIVE);
    assertThat(last().request.acknowledged()).isEqualTo(2);
    fail(rejected(Rejected.Reason.SESSION_EXPIRED));
    assertThat(session.ended().isComplete()).isTrue();
    sent.clear();
    passMs(60_000);
    assertThat(sent).isEmpty();
  }

  @Test
  void closingWaitsForWhatIsInFlightAndTellsTheGroup() {
    ClientSession session = open();
    Future<Buffer> outcome = apply(session, "a");
    Future<Void> closed = session.close();
    scheduler.run();
    assertThat(apply(session, "b").cause()).isInstanceOf(Rejected.class);
    assertThat(sent).hasSize(1);
    answer(Buffer.buffer("a"));

    assertThat(outcome.succeeded()).isTrue();
    assertThat(last().request.kind()).isEqualTo(Kind.CLOSE_SESSION);
    assertThat(closed.isComplete()).isFalse();
    fail(lost());
    assertThat(closed.succeeded()).isTrue();
    Future<Void> again = session.close();
    scheduler.run();
    assertThat(again.succeeded()).isTrue();
  }

  @Test
  void aSessionWhoseNodeIsClosedAnswersEverythingAtOnce() {
    ClientSession session = open();
    Future<Buffer> outcome = apply(session, "a");
    session.abandon("n1 is closed");
    scheduler.run();

    assertThat(outcome.cause()).isInstanceOf(Unknown.class);
    assertThat(session.ended().isComplete()).isTrue();
    answer(Buffer.buffer("late"));
    assertThat(outcome.cause()).isInstanceOf(Unknown.class);
  }

  @Test
  void severalTogetherGoOneWayAndComeBackAsSeveral() {
    ClientSession session = open();
    Future<List<Buffer>> outcome =
        session.applyAll(List.of(Buffer.buffer("a"), Buffer.buffer("bc")));
    scheduler.run();

    assertThat(last().request.kind()).isEqualTo(Kind.COMMANDS);
    assertThat(Joined.split(last().request.body()))
        .containsExactly(Buffer.buffer("a"), Buffer.buffer("bc"));
    answer(Joined.of(List.of(Buffer.buffer("1"), Buffer.buffer("2"))));
    assertThat(outcome.result()).containsExactly(Buffer.buffer("1"), Buffer.buffer("2"));
  }

  @Test
  void aReadThatGotNoAnswerIsAskedAgainAndNeverUnknown() {
    ClientSession session = open();
    Future<Buffer> answer = session.read(Consistency.LINEARIZABLE, Buffer.buffer("q"));
    scheduler.run();
    fail(lost());
    passMs(100);
    assertThat(sent).hasSize(2);
    assertThat(last().request.consistency()).isEqualTo("linearizable");
    passMs(1_000);
    fail(lost());
    passMs(1_000);

    assertThat(answer.cause()).isInstanceOf(Rejected.class);
  }
}
