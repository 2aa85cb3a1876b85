package io.vertxraft.testkit.sim;

import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;

/**
 * A message on its way.
 *
 * @param from number of the sender
 * @param to number of the receiver
 * @param identity the sender's group identity
 * @param kind kind of the message
 * @param message the message as the sender has it: for rules and for the trace, never for the
 *     receiver
 * @param bytes the message as the receiver gets it
 * @param receiverLife which life of the receiver it was sent to
 * @param sequence position in the order of sending, over all links
 * @param passage which of the message's arrivals this is
 */
record Packet(
    int from,
    int to,
    GroupIdentity identity,
    MessageKind kind,
    Message message,
    byte[] bytes,
    long receiverLife,
    long sequence,
    Passage passage) {
  /** Which of a message's arrivals. */
  enum Passage {
    /** The message itself. */
    FIRST,
    /** Its repetition soon after. */
    DUPLICATE,
    /** Its repetition long after. */
    LATE
  }

  /** Another arrival of the same message. */
  Packet again(Passage other) {
    return new Packet(from, to, identity, kind, message, bytes, receiverLife, sequence, other);
  }

  int lane() {
    return kind.lane();
  }
}
