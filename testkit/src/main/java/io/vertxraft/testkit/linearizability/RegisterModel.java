package io.vertxraft.testkit.linearizability;

import java.util.Objects;

/**
 * A register: one value, null at first. Which operation to use for a write or a compare-and-set
 * depends on what the system under test answers; the more it answers, the more is proven.
 *
 * @param <V> values, with equals and hashCode
 */
public final class RegisterModel<V> implements Model<V, RegisterModel.Input<V>, Object> {
  private final V initial;

  /** A register that holds null at first. */
  public RegisterModel() {
    this(null);
  }

  /** A register that holds a value at first. */
  public RegisterModel(V initial) {
    this.initial = initial;
  }

  /** An operation on a register. */
  public sealed interface Input<V> {}

  /** Answers the value. */
  public record Read<V>() implements Input<V> {
    @Override
    public String toString() {
      return "read";
    }
  }

  /** Sets the value; answers null. */
  public record Write<V>(V value) implements Input<V> {
    @Override
    public String toString() {
      return "write " + value;
    }
  }

  /** Sets the value; answers the one before. */
  public record GetAndSet<V>(V value) implements Input<V> {
    @Override
    public String toString() {
      return "get-and-set " + value;
    }
  }

  /** Sets the value if it is {@code expected}; answers whether it was, as a Boolean. */
  public record CompareAndSet<V>(V expected, V value) implements Input<V> {
    @Override
    public String toString() {
      return "compare-and-set %s to %s".formatted(expected, value);
    }
  }

  /** Sets the value if it is {@code expected}; answers the one before in any case. */
  public record CompareAndExchange<V>(V expected, V value) implements Input<V> {
    @Override
    public String toString() {
      return "compare-and-exchange %s to %s".formatted(expected, value);
    }
  }

  @Override
  public V initial() {
    return initial;
  }

  @Override
  public Transition<V, Object> apply(V state, Input<V> input) {
    if (input instanceof Read) {
      return new Transition<>(state, state);
    }
    if (input instanceof Write<V> write) {
      return new Transition<>(write.value, null);
    }
    if (input instanceof GetAndSet<V> set) {
      return new Transition<>(set.value, state);
    }
    if (input instanceof CompareAndSet<V> cas) {
      boolean equal = Objects.equals(state, cas.expected);
      return new Transition<>(equal ? cas.value : state, equal);
    }
    CompareAndExchange<V> cas = (CompareAndExchange<V>) input;
    return new Transition<>(Objects.equals(state, cas.expected) ? cas.value : state, state);
  }

  @Override
  public boolean isReadOnly(Input<V> input) {
    return input instanceof Read;
  }

  @Override
  public boolean changedNothing(Input<V> input, Object output) {
    if (input instanceof CompareAndSet) {
      return Boolean.FALSE.equals(output);
    }
    if (input instanceof CompareAndExchange<V> cas) {
      return !Objects.equals(cas.expected, output);
    }
    return isReadOnly(input);
  }
}
