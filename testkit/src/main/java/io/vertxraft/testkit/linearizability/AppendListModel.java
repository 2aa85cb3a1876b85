package io.vertxraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A list that can only grow at its end, empty at first. Each read shows the whole past, which makes
 * it the sharpest of the models.
 *
 * @param <V> elements, with equals and hashCode
 */
public final class AppendListModel<V>
    implements Model<AppendListModel.Elements<V>, AppendListModel.Input<V>, Object> {
  /** An operation on a list. */
  public sealed interface Input<V> {}

  /** Answers all elements, as a {@link List}. */
  public record Read<V>() implements Input<V> {
    @Override
    public String toString() {
      return "read";
    }
  }

  /**
   * Appends an element; answers the number of elements after it, as an Integer, or null if the
   * system does not tell.
   */
  public record Append<V>(V value) implements Input<V> {
    @Override
    public String toString() {
      return "append " + value;
    }
  }

  /** The elements of a list, sharing what they have in common with the lists they grew from. */
  public static final class Elements<V> {
    private final Elements<V> before;
    private final V last;
    private final int size;
    private final int hash;

    private Elements(Elements<V> before, V last) {
      this.before = before;
      this.last = last;
      this.size = before == null ? 0 : before.size + 1;
      this.hash = before == null ? 1 : before.hash * 31 + Objects.hashCode(last);
    }

    /** Whether a list begins with these elements. */
    private boolean areFirstOf(List<?> list) {
      if (list.size() < size) {
        return false;
      }
      Elements<V> at = this;
      while (at.size > 0 && Objects.equals(at.last, list.get(at.size - 1))) {
        at = at.before;
      }
      return at.size == 0;
    }

    @Override
    public boolean equals(Object object) {
      if (!(object instanceof Elements<?> other) || other.hash != hash || other.size != size) {
        return false;
      }
      Elements<?> mine = this;
      Elements<?> its = other;
      while (mine != its && Objects.equals(mine.last, its.last)) {
        mine = mine.before;
        its = its.before;
      }
      return mine == its || mine.size == 0;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public String toString() {
      List<Object> elements = new ArrayList<>();
      for (Elements<V> at = this; at.size > 0; at = at.before) {
        elements.add(at.last);
      }
      Collections.reverse(elements);
      return elements.toString();
    }
  }

  @Override
  public Elements<V> initial() {
    return new Elements<>(null, null);
  }

  @Override
  public Transition<Elements<V>, Object> apply(Elements<V> state, Input<V> input) {
    if (input instanceof Append<V> append) {
      Elements<V> next = new Elements<>(state, append.value);
      return new Transition<>(next, next.size);
    }
    return new Transition<>(state, state);
  }

  @Override
  public boolean matches(Input<V> input, Object expected, Object seen) {
    if (input instanceof Append) {
      return seen == null || expected.equals(seen);
    }
    return expected.equals(seen)
        || (seen instanceof List<?> list
            && ((Elements<?>) expected).size == list.size()
            && ((Elements<?>) expected).areFirstOf(list));
  }

  @Override
  public boolean canLeadTo(Elements<V> state, Input<V> input, Object output) {
    if (output instanceof Integer sizeAfter) {
      return state.size < sizeAfter;
    }
    return !(output instanceof List<?> list) || state.areFirstOf(list);
  }

  @Override
  public boolean isReadOnly(Input<V> input) {
    return input instanceof Read;
  }
}
