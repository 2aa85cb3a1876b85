package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Looks for every acknowledged write in the state of the members: each running member that is not
 * cut off first applies up to the highest acknowledged index, then must hold them all.
 */
final class LossCheck {
  private final DemoCluster cluster;
  private final AckLedger ledger;
  private final boolean earlierData;
  private final long waitMs;

  /**
   * What was found.
   *
   * @param acknowledged how many writes were looked for
   * @param lost how many of them at least one checked member does not hold
   * @param appliedTwice writes that some member has applied more than once
   * @param checkedOn the members looked at
   * @param behind members that did not apply so far in time
   * @param majority how many members must be looked at for the result to count
   * @param earlierData whether there are writes of an earlier run, which nobody looked for
   */
  record Report(
      long acknowledged,
      long lost,
      long appliedTwice,
      List<String> checkedOn,
      List<String> behind,
      int majority,
      boolean earlierData) {

    /** Makes the lists immutable. */
    Report {
      checkedOn = List.copyOf(checkedOn);
      behind = List.copyOf(behind);
    }

    /** Whether a majority was looked at. */
    boolean isConclusive() {
      return checkedOn.size() >= majority;
    }

    /** Whether a write was lost or applied twice. */
    boolean isWrong() {
      return lost > 0 || appliedTwice > 0;
    }

    /** Whether a majority was looked at and nothing is wrong. */
    boolean isGood() {
      return isConclusive() && !isWrong();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      if (lost == 0 && !isConclusive()) {
        text.append("acknowledged writes cannot be checked: a majority is %d".formatted(majority));
      } else {
        text.append(
            String.format(Locale.ROOT, "acknowledged writes lost: %,d of %,d", lost, acknowledged));
      }
      text.append(checkedOn.isEmpty() ? "" : ", looked at " + String.join(", ", checkedOn));
      text.append(behind.isEmpty() ? "" : ", still behind: " + String.join(", ", behind));
      if (appliedTwice > 0) {
        text.append(", writes applied twice: ").append(appliedTwice);
      }
      if (earlierData) {
        text.append("; this covers the present run, not what was in the directory before");
      }
      return text.toString();
    }
  }

  /** What one member holds; {@code missing} is null if it is behind. */
  private record Finding(DemoMember member, IdSet missing, long appliedTwice) {}

  /**
   * Creates a check.
   *
   * @param earlierData whether the members hold writes of an earlier run
   * @param waitMs how long a member may take to apply up to the highest acknowledged index
   */
  LossCheck(DemoCluster cluster, AckLedger ledger, boolean earlierData, long waitMs) {
    this.earlierData = earlierData;
    this.cluster = cluster;
    this.ledger = ledger;
    this.waitMs = waitMs;
  }

  /** Checks all writes acknowledged up to now; never fails. */
  Future<Report> run() {
    AckLedger.Snapshot promises = ledger.snapshot();
    List<Future<Finding>> findings =
        cluster.up().stream()
            .filter(DemoMember::isConnected)
            .map(member -> look(member, promises))
            .toList();
    return Future.join(findings)
        .transform(done -> Future.succeededFuture(report(promises, findings.stream())));
  }

  private Future<Finding> look(DemoMember member, AckLedger.Snapshot promises) {
    DemoStateMachine state = member.stateMachine();
    return state
        .reached(promises.indexMax())
        .timeout(waitMs, TimeUnit.MILLISECONDS)
        .map(reached -> new Finding(member, state.missing(promises.ids()), state.appliedTwice()))
        .otherwise(behind -> new Finding(member, null, 0));
  }

  private Report report(AckLedger.Snapshot promises, Stream<Future<Finding>> findings) {
    IdSet lost = new IdSet();
    List<String> checkedOn = new ArrayList<>();
    List<String> behind = new ArrayList<>();
    long appliedTwice = 0;
    for (Finding finding : findings.map(Future::result).toList()) {
      if (finding.missing() == null) {
        behind.add(finding.member().id());
      } else {
        checkedOn.add(finding.member().id());
        lost.addAll(finding.missing());
        appliedTwice = Math.max(appliedTwice, finding.appliedTwice());
      }
    }
    return new Report(
        promises.ids().size(),
        lost.size(),
        appliedTwice,
        checkedOn,
        behind,
        cluster.majority(),
        earlierData);
  }
}
