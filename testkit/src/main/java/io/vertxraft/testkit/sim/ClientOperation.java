package io.vertxraft.testkit.sim;

import io.vertxraft.Consistency;

/** A command that a simulated client sent, and what it learned of its fate. */
public final class ClientOperation {
  /** What a client knows of its command. */
  public enum Outcome {
    /** Nothing yet, or never: the node that had it is gone. */
    PENDING,
    /** It is applied. */
    APPLIED,
    /** It is certainly not in the log. */
    REJECTED,
    /** It may or may not be applied. */
    UNKNOWN,
    /** The node failed. */
    FATAL
  }

  private final SimCommand command;
  private final Consistency consistency;
  private final String nodeId;
  private final long invokedNanos;
  private long completedNanos = -1;
  private Outcome outcome = Outcome.PENDING;
  private String reason = "";
  private SimReply reply;

  ClientOperation(SimCommand command, Consistency consistency, String nodeId, long invokedNanos) {
    this.command = command;
    this.consistency = consistency;
    this.nodeId = nodeId;
    this.invokedNanos = invokedNanos;
  }

  void complete(Outcome outcome, String reason, SimReply reply, long nowNanos) {
    this.outcome = outcome;
    this.reason = reason;
    this.reply = reply;
    this.completedNanos = nowNanos;
  }

  /** The command. */
  public SimCommand command() {
    return command;
  }

  /** For a read that does not go through the log what it promises, else null. */
  public Consistency consistency() {
    return consistency;
  }

  /** Whether the order of all operations must explain it: all but reads that may be old. */
  boolean isLinearizable() {
    return consistency == null
        || consistency.getLevel() == Consistency.Level.LINEARIZABLE
        || consistency.getLevel() == Consistency.Level.LEASE;
  }

  /** The node it was sent to. */
  public String nodeId() {
    return nodeId;
  }

  /** Virtual time of sending. */
  public long invokedNanos() {
    return invokedNanos;
  }

  /** Virtual time of the answer, -1 while there is none. */
  public long completedNanos() {
    return completedNanos;
  }

  /** What the client knows. */
  public Outcome outcome() {
    return outcome;
  }

  /** Machine-readable reason of a rejection or uncertainty; empty otherwise. */
  public String reason() {
    return reason;
  }

  /** The reply of an applied command, else null. */
  public SimReply reply() {
    return reply;
  }

  @Override
  public String toString() {
    return "%s%s at %s: %s %s %s"
        .formatted(
            command,
            consistency == null ? "" : " " + consistency,
            nodeId,
            outcome,
            reason,
            reply == null ? "" : reply);
  }
}
