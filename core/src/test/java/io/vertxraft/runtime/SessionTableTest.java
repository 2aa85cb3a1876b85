package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.Envelope.Kind;
import io.vertxraft.protocol.Envelope.SessionTerms;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a group remembers of its clients' sessions, and for how long. */
class SessionTableTest {
  private static final long KEPT_MS = 1_000;

  private final SessionTable table = new SessionTable();
  private long index;
  private int countMax = 10;
  private long replyBytesMax = 1_000;

  private Envelope envelope(
      Kind kind, long timeMs, long session, long sequence, long acknowledged, byte[] body) {
    byte[] entry =
        Envelope.allocate(kind, false, false, session, sequence, acknowledged, body.length);
    System.arraycopy(body, 0, entry, Envelope.BODY_AT, body.length);
    Envelope.stamp(entry, timeMs);
    return Envelope.ofUnsealed(entry);
  }

  private SessionTable.Admission admit(
      Kind kind, long timeMs, long session, long sequence, long acknowledged) {
    return table.admit(
        ++index, envelope(kind, timeMs, session, sequence, acknowledged, new byte[0]));
  }

  private long open(long timeMs) {
    byte[] entry = Envelope.openSession(new SessionTerms(KEPT_MS, countMax, replyBytesMax));
    Envelope.stamp(entry, timeMs);
    SessionTable.Admission admission = table.admit(++index, Envelope.ofUnsealed(entry));
    return table.settle(admission, null).getLong(0);
  }

  /** The whole way of one command; what the caller is told. */
  private String command(long timeMs, long session, long sequence, long acknowledged) {
    SessionTable.Admission admission = admit(Kind.COMMAND, timeMs, session, sequence, acknowledged);
    Buffer reply = admission.fresh() ? Buffer.buffer("reply at " + index) : null;
    Buffer answer = table.settle(admission, reply);
    return admission.refusal() == null ? answer.toString() : admission.refusal().reasonName();
  }

  @Test
  void aCommandThatComesAgainIsNotAppliedAgainAndGetsTheFirstReply() {
    long session = open(0);

    assertThat(command(1, session, 1, 1)).isEqualTo("reply at 2");
    assertThat(command(2, session, 1, 1)).isEqualTo("reply at 2");
    assertThat(command(3, session, 2, 1)).isEqualTo("reply at 4");
  }

  @Test
  void ofTwoInOneBatchTheSecondGetsTheReplyOfTheFirst() {
    long session = open(0);
    SessionTable.Admission first = admit(Kind.COMMAND, 1, session, 1, 1);
    SessionTable.Admission again = admit(Kind.COMMAND, 1, session, 1, 1);
    assertThat(first.fresh()).isTrue();
    assertThat(again.fresh()).isFalse();

    assertThat(table.settle(first, Buffer.buffer("once"))).hasToString("once");
    assertThat(table.settle(again, null)).hasToString("once");
  }

  @Test
  void commandsInFlightTogetherMayComeInAnyOrder() {
    long session = open(0);

    assertThat(command(1, session, 3, 1)).isEqualTo("reply at 2");
    assertThat(command(1, session, 1, 1)).isEqualTo("reply at 3");
    assertThat(command(1, session, 3, 1)).isEqualTo("reply at 2");
  }

  @Test
  void whatTheClientHasAcknowledgedIsForgottenAndNeverAppliedAgain() {
    long session = open(0);
    command(1, session, 1, 1);
    assertThat(table.replyBytes()).isPositive();

    command(1, session, 2, 2);
    command(1, session, 3, 3);
    assertThat(table.replyBytes()).isEqualTo("reply at 4".length());
    assertThat(command(1, session, 1, 1)).isEqualTo(Unknown.Reason.REPLY_FORGOTTEN.name());
  }

  @Test
  void aSessionExpiresByLogTimeAndAnyEntryMovesThat() {
    long quiet = open(0);
    long busy = open(500);

    assertThat(command(KEPT_MS - 1, busy, 1, 1)).isEqualTo("reply at 3");
    SessionTable.Admission late = admit(Kind.COMMAND, KEPT_MS, busy, 2, 2);

    assertThat(late.ended()).containsExactly(quiet);
    assertThat(late.fresh()).isTrue();
    assertThat(command(KEPT_MS, quiet, 1, 1)).isEqualTo(Rejected.Reason.SESSION_EXPIRED.name());
  }

  @Test
  void logTimeNeverGoesBack() {
    long session = open(5_000);
    command(100, session, 1, 1);

    assertThat(table.logTimeMs()).isEqualTo(5_000);
    assertThat(command(5_000 + KEPT_MS - 1, session, 2, 2)).startsWith("reply");
  }

  @Test
  void aSignOfLifeKeepsASessionAndAnEndEndsIt() {
    long session = open(0);
    SessionTable.Admission alive = admit(Kind.KEEP_ALIVE, 900, session, 0, 1);
    assertThat(table.settle(alive, null)).isEqualTo(Buffer.buffer());
    assertThat(command(1_800, session, 1, 1)).startsWith("reply");

    SessionTable.Admission end = admit(Kind.CLOSE_SESSION, 1_800, session, 0, 1);
    assertThat(end.ended()).containsExactly(session);
    assertThat(table.settle(end, null)).isEqualTo(Buffer.buffer());
    assertThat(table.size()).isZero();
    assertThat(table.replyBytes()).isZero();
    assertThat(command(1_800, session, 2, 1)).isEqualTo(Rejected.Reason.SESSION_EXPIRED.name());
  }

  @Test
  void oneSessionMoreThanAllowedMakesRoomByTheOneClosestToItsEnd() {
    countMax = 2;
    long first = open(0);
    long second = open(10);
    command(20, first, 1, 1);
    long third = open(30);

    assertThat(table.size()).isEqualTo(2);
    assertThat(command(30, second, 1, 1)).isEqualTo(Rejected.Reason.SESSION_EXPIRED.name());
    assertThat(command(30, first, 1, 1)).isEqualTo("reply at 3");
    assertThat(command(30, third, 1, 1)).startsWith("reply");
  }

  @Test
  void repliesBeyondTheLimitGoOldestFirstButWhatWasAppliedStaysKnown() {
    replyBytesMax = 25;
    long session = open(0);
    command(1, session, 1, 1);
    command(1, session, 2, 1);
    command(1, session, 3, 1);

    assertThat(table.replyBytes()).isLessThanOrEqualTo(25);
    assertThat(command(1, session, 1, 1)).isEqualTo(Unknown.Reason.REPLY_FORGOTTEN.name());
    assertThat(command(1, session, 3, 1)).isEqualTo("reply at 4");
  }

  @Test
  void aClientThatAcknowledgesNothingIsStoppedAtTheWindow() {
    long session = open(0);
    for (int sequence = 1; sequence <= SessionTable.WINDOW; sequence++) {
      assertThat(command(1, session, sequence, 1)).startsWith("reply");
    }
    assertThat(command(1, session, SessionTable.WINDOW + 1, 1))
        .isEqualTo(Rejected.Reason.OVERLOADED.name());
    assertThat(command(1, session, SessionTable.WINDOW + 1, 2)).startsWith("reply");
  }

  @Test
  void withoutASessionEverythingIsApplied() {
    assertThat(command(1, 0, 0, 0)).isEqualTo("reply at 1");
    assertThat(command(1, 0, 0, 0)).isEqualTo("reply at 2");
    assertThat(table.size()).isZero();
  }

  @Test
  void theTableOfASnapshotGoesOnAsTheOneItWasTakenOf() {
    long first = open(0);
    long second = open(10);
    command(20, first, 1, 1);
    command(20, first, 2, 1);
    command(20, second, 1, 1);
    command(25, first, 3, 2);

    SessionTable copy = SessionTable.decode(table.encode());

    assertThat(copy.encode()).isEqualTo(table.encode());
    assertThat(copy.size()).isEqualTo(2);
    assertThat(copy.replyBytes()).isEqualTo(table.replyBytes());
    for (SessionTable each : List.of(table, copy)) {
      SessionTable.Admission again =
          each.admit(90, envelope(Kind.COMMAND, 30, first, 2, 2, new byte[0]));
      assertThat(each.settle(again, null)).hasToString("reply at 4");
      SessionTable.Admission last =
          each.admit(91, envelope(Kind.COMMAND, 20 + KEPT_MS, first, 4, 4, new byte[0]));
      assertThat(last.ended()).containsExactly(second);
    }
    assertThat(copy.encode()).isEqualTo(table.encode());
  }

  @Test
  void anEmptyTableIsNoBytes() {
    assertThat(table.encode().length()).isZero();
    assertThat(SessionTable.decode(Buffer.buffer()).encode().length()).isZero();
  }

  @Test
  void aTableOfALaterVersionOrCutShortIsRefused() {
    long session = open(0);
    command(1, session, 1, 1);
    Buffer encoded = table.encode();

    assertThatThrownBy(() -> SessionTable.decode(encoded.copy().setByte(0, (byte) 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2");
    assertThatThrownBy(() -> SessionTable.decode(encoded.slice(0, encoded.length() - 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cut short");
  }

  /** The limit comes with an entry; what was answered before it is kept by the limit of before. */
  @Test
  void aNewLimitOfRepliesDoesNotDependOnWhereBatchesEnd() {
    SessionTable other = new SessionTable();
    for (SessionTable each : List.of(table, other)) {
      byte[] first = Envelope.openSession(new SessionTerms(KEPT_MS, 10, 1_000));
      each.settle(each.admit(1, Envelope.ofUnsealed(first)), null);
      SessionTable.Admission command =
          each.admit(2, envelope(Kind.COMMAND, 1, 1, 1, 1, new byte[0]));
      Envelope opening =
          Envelope.ofUnsealed(Envelope.openSession(new SessionTerms(KEPT_MS, 10, 5)));
      if (each == table) {
        SessionTable.Admission inTheSameBatch = each.admit(3, opening);
        each.settle(command, Buffer.buffer("ten bytes!"));
        each.settle(inTheSameBatch, null);
      } else {
        each.settle(command, Buffer.buffer("ten bytes!"));
        each.settle(each.admit(3, opening), null);
      }
    }

    assertThat(table.encode()).isEqualTo(other.encode());
    assertThat(table.replyBytes()).as("the new limit holds").isZero();
  }

  @Test
  void whatACallerDoesWithItsReplyChangesNoOtherReply() {
    long session = open(0);
    SessionTable.Admission admission = admit(Kind.COMMAND, 1, session, 1, 1);
    Buffer reply = Buffer.buffer("reply");
    table.settle(admission, reply).appendString(" and more");
    SessionTable.Admission again = admit(Kind.COMMAND, 1, session, 1, 1);
    table.settle(again, null).appendString(" and more");

    assertThat(table.settle(admit(Kind.COMMAND, 1, session, 1, 1), null)).hasToString("reply");
    admit(Kind.CLOSE_SESSION, 1, session, 0, 1);
    assertThat(table.replyBytes()).isEqualTo("reply".length());
  }

  @Test
  void noSessionIsKeptForEver() {
    byte[] entry = Envelope.openSession(new SessionTerms(Long.MAX_VALUE, 10, 10));
    table.settle(table.admit(++index, Envelope.ofUnsealed(entry)), null);
    admit(Kind.KEEP_ALIVE, SessionTable.KEPT_MS_MAX - 1, 0, 0, 0);
    assertThat(table.size()).isEqualTo(1);
    admit(Kind.KEEP_ALIVE, SessionTable.KEPT_MS_MAX, 0, 0, 0);
    assertThat(table.size()).isZero();
  }
}
