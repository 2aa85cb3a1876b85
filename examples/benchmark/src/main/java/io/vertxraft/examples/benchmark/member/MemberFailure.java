package io.vertxraft.examples.benchmark.member;

/** A process of members does not do what it should; the message says which and why. */
public final class MemberFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  MemberFailure(String message) {
    super(message);
  }
}
