package io.vertxraft.examples.benchmark.peer;

/** What is told how a command or a read ended. */
@FunctionalInterface
public interface Completion {
  /** Called once; must not block. {@code failure} is null if it succeeded. */
  void done(Throwable failure);
}
