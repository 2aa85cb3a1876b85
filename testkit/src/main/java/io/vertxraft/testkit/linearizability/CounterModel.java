package io.vertxraft.testkit.linearizability;

/** A counter, 0 at first. Its answers are the value after the operation, as Long. */
public final class CounterModel implements Model<Long, CounterModel.Input, Long> {
  /** An operation on a counter. */
  public sealed interface Input {}

  /** Answers the value. */
  public record Read() implements Input {
    @Override
    public String toString() {
      return "read";
    }
  }

  /** Adds, or takes away; answers the new value, or null if the system does not tell. */
  public record Add(long delta) implements Input {
    @Override
    public String toString() {
      return "add " + delta;
    }
  }

  @Override
  public Long initial() {
    return 0L;
  }

  @Override
  public Transition<Long, Long> apply(Long state, Input input) {
    Long next = input instanceof Add add ? Long.valueOf(state + add.delta) : state;
    return new Transition<>(next, next);
  }

  @Override
  public boolean matches(Input input, Long expected, Long seen) {
    return expected.equals(seen) || (seen == null && input instanceof Add);
  }

  @Override
  public boolean isReadOnly(Input input) {
    return input instanceof Read;
  }
}
