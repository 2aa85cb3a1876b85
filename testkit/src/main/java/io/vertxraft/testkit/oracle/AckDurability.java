package io.vertxraft.testkit.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * I8: when a client learns that its command is applied, a quorum of disks holds it, and it stays
 * committed to the end of the run.
 */
public final class AckDurability implements Oracle {
  private final OracleContext context;
  private final List<Acknowledged> acknowledged = new ArrayList<>();

  /** The rule for a run. */
  public AckDurability(OracleContext context) {
    this.context = context;
  }

  private record Acknowledged(long index, long payloadHash) {}

  @Override
  public String id() {
    return "I8";
  }

  @Override
  public void acknowledged(long index, long payloadHash) {
    check(index, payloadHash);
    acknowledged.add(new Acknowledged(index, payloadHash));
  }

  @Override
  public void finished() {
    acknowledged.forEach(ack -> check(ack.index, ack.payloadHash));
  }

  private void check(long index, long payloadHash) {
    CommitLedger ledger = context.ledger();
    if (index < 1 || index > ledger.lastIndex()) {
      throw failed(index, "which is not committed: committed is " + ledger.lastIndex());
    }
    if (!ledger.isCommand(index) || ledger.payloadHashAt(index) != payloadHash) {
      throw failed(index, "where another command is committed");
    }
    if (!context.isDurableOnQuorum(index, ledger.chainHashAt(index))) {
      throw failed(index, "which is not durable on a quorum of disks");
    }
  }

  private Violation failed(long index, String how) {
    return context.violation(
        id(), "a client was told its command is applied at %d, %s", index, how);
  }
}
