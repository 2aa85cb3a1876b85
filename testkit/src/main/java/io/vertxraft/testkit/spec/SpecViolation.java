package io.vertxraft.testkit.spec;

/** A trace breaks a rule of the protocol. The message tells where, which, and what led to it. */
public final class SpecViolation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final long line;
  private final String node;
  private final SpecAction action;
  private final SpecRule rule;

  SpecViolation(
      long line, String node, SpecAction action, SpecRule rule, String detail, String context) {
    super(
        "line %d, %s, %s: %s%n  broken: %s (%s): %s%n%s"
            .formatted(
                line,
                node,
                action.title(),
                detail,
                rule.name(),
                rule.section(),
                rule.sentence(),
                context));
    this.line = line;
    this.node = node;
    this.action = action;
    this.rule = rule;
  }

  /** Number of the line that breaks the rule, from 1. */
  public long line() {
    return line;
  }

  /** The member that breaks it. */
  public String node() {
    return node;
  }

  /** The action being checked. */
  public SpecAction action() {
    return action;
  }

  /** The rule. */
  public SpecRule rule() {
    return rule;
  }
}
