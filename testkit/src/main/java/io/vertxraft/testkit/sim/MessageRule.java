package io.vertxraft.testkit.sim;

import io.vertxraft.protocol.Message;
import java.util.ArrayDeque;
import java.util.function.Predicate;

/**
 * Singles out messages and drops them or holds them back, from the moment it is made:
 *
 * <pre>{@code
 * MessageRule rule = network.drop(AppendEntries.class).from("n1").to("n3");
 * rule.stop();
 * }</pre>
 */
public final class MessageRule {
  private final SimNetwork network;
  private final Class<? extends Message> type;
  private final boolean holds;
  private final ArrayDeque<Packet> held = new ArrayDeque<>();
  private Predicate<Message> condition;
  private int from = -1;
  private int to = -1;
  private long remaining = Long.MAX_VALUE;
  private long hits;

  MessageRule(SimNetwork network, Class<? extends Message> type, boolean holds) {
    this.network = network;
    this.type = type;
    this.holds = holds;
  }

  /** Only messages sent by {@code nodeId}. */
  public MessageRule from(String nodeId) {
    this.from = network.indexOf(nodeId);
    return this;
  }

  /** Only messages sent to {@code nodeId}. */
  public MessageRule to(String nodeId) {
    this.to = network.indexOf(nodeId);
    return this;
  }

  /** Only messages that satisfy {@code condition}, a pure function. */
  public MessageRule when(Predicate<Message> condition) {
    this.condition = condition;
    return this;
  }

  /** Only the next {@code count} messages. */
  public MessageRule times(long count) {
    this.remaining = count;
    return this;
  }

  /** Messages caught so far. */
  public long hits() {
    return hits;
  }

  /** Messages held back now. */
  public int heldCount() {
    return held.size();
  }

  /** Ends the rule; messages held back are lost. */
  public void stop() {
    network.remove(this);
    held.clear();
  }

  /** Ends the rule and sends the messages held back on their way, in order, as if sent now. */
  public void release() {
    network.remove(this);
    while (!held.isEmpty()) {
      network.dispatch(held.poll());
    }
  }

  boolean holds() {
    return holds;
  }

  /** Whether the rule catches this message; counts it if so. */
  boolean catches(Packet packet) {
    if (remaining == 0
        || (from >= 0 && from != packet.from())
        || (to >= 0 && to != packet.to())
        || !type.isInstance(packet.message())
        || (condition != null && !condition.test(packet.message()))) {
      return false;
    }
    remaining--;
    hits++;
    return true;
  }

  void keep(Packet packet) {
    held.add(packet);
  }
}
