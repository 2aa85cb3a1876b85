package io.vertxraft.runtime;

import io.vertxraft.RaftException.Unknown;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import java.util.Arrays;
import java.util.concurrent.Executor;

/** One call of {@code apply} on its way: from the queue through the log to its outcome. */
final class Proposal extends PendingCall {
  final int bytes;

  /**
   * The term in which it must be appended here, because another member passed it on to the leader
   * of that term; 0 if it was proposed here, and may be passed on.
   */
  final long requiredTerm;

  private byte[] encoded;

  /** Whether its deadline is looked after. */
  boolean watched;

  long index;
  long term;

  /** How long it may take, in nanoseconds. */
  final long allowedNanos;

  Proposal(byte[] encoded, Executor caller, long now, long allowedNanos, long requiredTerm) {
    super(caller, now + allowedNanos);
    this.allowedNanos = allowedNanos;
    this.encoded = encoded;
    this.requiredTerm = requiredTerm;
    this.bytes = encoded.length;
  }

  /** When it was taken from its caller. */
  long takenAt() {
    return deadline - allowedNanos;
  }

  /** The entry to be, with the command in place; given away once. */
  byte[] takeEncoded() {
    byte[] taken = encoded;
    encoded = null;
    return taken;
  }

  /** The type of the entry to be; before it is given away. */
  EntryType type() {
    return EntryCodec.typeOf(encoded);
  }

  /** The command alone, for another member. */
  byte[] takeCommand() {
    byte[] taken = takeEncoded();
    return Arrays.copyOfRange(taken, EntryCodec.HEADER_BYTES, taken.length);
  }

  /** Nobody knows what becomes of it. */
  Unknown unknown(Unknown.Reason reason, String message, String leaderId) {
    return new Unknown(reason, message, leaderId, term, index);
  }
}
