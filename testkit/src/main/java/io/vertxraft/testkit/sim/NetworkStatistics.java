package io.vertxraft.testkit.sim;

/** What a simulated network has carried and lost, by kind of message. */
public final class NetworkStatistics {
  private final long[] sent = new long[MessageKind.values().length];
  private final long[] sentBytes = new long[sent.length];
  private final long[] delivered = new long[sent.length];
  private final long[] dropped = new long[sent.length];

  NetworkStatistics() {}

  /** Messages handed to the network. */
  public long sent(MessageKind kind) {
    return sent[kind.ordinal()];
  }

  /** Encoded bytes handed to the network. */
  public long sentBytes(MessageKind kind) {
    return sentBytes[kind.ordinal()];
  }

  /** Messages that reached a receiver, repeated ones included. */
  public long delivered(MessageKind kind) {
    return delivered[kind.ordinal()];
  }

  /** Messages lost: drawn, cut, caught by a rule, or without a receiver. */
  public long dropped(MessageKind kind) {
    return dropped[kind.ordinal()];
  }

  void countSent(MessageKind kind, int bytes) {
    sent[kind.ordinal()]++;
    sentBytes[kind.ordinal()] += bytes;
  }

  void countDelivered(MessageKind kind) {
    delivered[kind.ordinal()]++;
  }

  void countDropped(MessageKind kind) {
    dropped[kind.ordinal()]++;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (MessageKind kind : MessageKind.values()) {
      if (sent(kind) > 0) {
        text.append(kind)
            .append(": ")
            .append("sent %d (%d B), ".formatted(sent(kind), sentBytes(kind)))
            .append("delivered %d, dropped %d%n".formatted(delivered(kind), dropped(kind)));
      }
    }
    return text.toString();
  }
}
