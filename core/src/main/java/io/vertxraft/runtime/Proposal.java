package io.vertxraft.runtime;

import io.vertxraft.protocol.EntryCodec;
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

  Proposal(byte[] encoded, Executor caller, long deadline, long requiredTerm) {
    super(caller, deadline);
    this.encoded = encoded;
    this.requiredTerm = requiredTerm;
    this.bytes = encoded.length;
  }

  /** The entry to be, with the command in place; given away once. */
  byte[] takeEncoded() {
    byte[] taken = encoded;
    encoded = null;
    return taken;
  }

  /** The command alone, for another member. */
  byte[] takeCommand() {
    byte[] taken = takeEncoded();
    return Arrays.copyOfRange(taken, EntryCodec.HEADER_BYTES, taken.length);
  }
}
