package io.vertxraft.examples.benchmark.member;

/** How members are spread over processes. */
public enum Shape {
  /** All in one. */
  A,
  /** One each. */
  B
}
