package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.TraceState.Role;

/**
 * A transition to judge: the member, its state and log before, what it reports after, and what it
 * did to the log.
 */
record SpecStep(
    SpecMember member, TraceState before, LogView log, TraceState after, LogChange change) {

  static SpecStep of(SpecMember member, TraceState after, LogChange change) {
    return new SpecStep(member, member.state(), member.log(), after, change);
  }

  /** Term, vote and role a message is handled with: the member's, after a higher term's effect. */
  record Basis(long term, String vote, Role role, boolean updated) {}

  String self() {
    return member.id();
  }

  /** Whether the member led before and leads now, in the same term. */
  boolean keepsLeading() {
    return before.role() == Role.LEADER
        && after.role() == Role.LEADER
        && before.term() == after.term();
  }
}
