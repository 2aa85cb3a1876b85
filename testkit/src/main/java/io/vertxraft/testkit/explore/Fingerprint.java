package io.vertxraft.testkit.explore;

import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RandomSource;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.EntryCodec;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A 128-bit hash of everything an object can reach: two objects with the same fingerprint behave
 * the same from here on. Fields are found by reflection, so that a new one is never forgotten.
 *
 * <p>Made equal, because behaviour does not depend on it:
 *
 * <ul>
 *   <li>instants count from the member's present (a number of {@link #INSTANTS} or more is taken
 *       for an instant: no other number in a small scope comes near);
 *   <li>write sequence numbers (fields named {@code seq} or {@code ...Seq}) count from the newest;
 *   <li>the order in maps and sets, which the core iterates in a fixed order anyway;
 *   <li>what is fixed for the whole exploration, and what is only reported ({@link #REPORTED}).
 * </ul>
 *
 * <p>A rule forgotten here costs only states that could have been merged.
 */
final class Fingerprint {
  /** The smallest instant. */
  static final long INSTANTS = 1L << 40;

  /**
   * What the core keeps for reports and never reads itself, as Class.field; what only reads, leases
   * and stalled disks depend on, which small scopes do not have; and second ways to the same
   * object.
   */
  static final Set<String> REPORTED =
      Set.of(
          "RaftCore.electionsStarted",
          "RaftCore.recovered",
          "RaftCore.commitTold",
          "Progress.contacted",
          "Progress.roundTripNanos",
          "Progress.clockWatch",
          "Fitness.writes",
          "Authority.lastSentAt",
          "Authority.startedAt",
          "Authority.lease",
          "Authority.reads",
          "Authority.followers",
          "Handover.authority",
          "Handover.followers");

  private static final Set<Class<?>> FIXED =
      Set.of(
          CoreSettings.class,
          Configuration.class,
          Probe.class,
          RandomSource.class,
          EntryCodec.class);

  /** Named, nested and null values start with numbers that no short text is hashed to. */
  private static final long NULL = 0x6e75_6c6cL << 32;

  private static final long BACK = 0x6261_636bL << 32;
  private static final long NODE = 0x6e6f_6465L << 32;
  private static final long OPEN = 0x6f70_656eL << 32;

  private final Map<Class<?>, Field[]> fieldsOf = new HashMap<>();
  private final List<Object> path = new ArrayList<>();
  private final List<String> nodes;
  private int[] renaming;
  private long now;
  private long newestSeq;

  Fingerprint(List<String> nodes) {
    this.nodes = nodes;
  }

  /**
   * Fingerprint of {@code root} as it would be if each node had another's name.
   *
   * @param renaming at the position of a node the position of the one that lends its name
   * @param present the member's time
   * @param seq the newest write sequence number
   */
  Digest of(Object root, int[] renaming, long present, long seq) {
    this.renaming = renaming;
    this.now = present;
    this.newestSeq = seq;
    Digest digest = new Digest();
    try {
      value(digest, root);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("fields are closed to reflection: run on the class path", e);
    }
    return digest;
  }

  private void value(Digest digest, Object value) throws IllegalAccessException {
    if (value == null) {
      digest.add(NULL);
    } else if (value instanceof Number number) {
      number(digest, number.longValue());
    } else if (value instanceof Boolean flag) {
      digest.add(flag ? 1 : 0);
    } else if (value instanceof String text) {
      text(digest, text);
    } else if (value instanceof Enum<?> constant) {
      digest.add(constant.ordinal());
    } else {
      nested(digest, value);
    }
  }

  private void number(Digest digest, long number) {
    digest.add(number >= INSTANTS ? OPEN + (number - now) : number);
  }

  private void text(Digest digest, String text) {
    int node = nodes.indexOf(text);
    if (node >= 0) {
      digest.add(NODE + renaming[node]);
      return;
    }
    digest.add(text.length());
    for (int i = 0; i < text.length(); i++) {
      digest.add(text.charAt(i));
    }
  }

  private void nested(Digest digest, Object value) throws IllegalAccessException {
    for (int depth = 0; depth < path.size(); depth++) {
      if (path.get(depth) == value) {
        digest.add(BACK + depth);
        return;
      }
    }
    path.add(value);
    if (value instanceof Map<?, ?> map) {
      entries(digest, map);
    } else if (value instanceof Set<?> set) {
      elements(digest, set);
    } else if (value instanceof Iterable<?> sequence) {
      sequence(digest, sequence);
    } else if (value.getClass().isArray()) {
      array(digest, value);
    } else {
      fields(digest, value);
    }
    path.remove(path.size() - 1);
  }

  private void entries(Digest digest, Map<?, ?> map) throws IllegalAccessException {
    long highs = map.size();
    long lows = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Digest one = new Digest();
      value(one, entry.getKey());
      value(one, entry.getValue());
      highs += one.high();
      lows += one.low();
    }
    digest.addSum(highs, lows);
  }

  private void elements(Digest digest, Set<?> set) throws IllegalAccessException {
    long highs = set.size();
    long lows = 0;
    for (Object element : set) {
      Digest one = new Digest();
      value(one, element);
      highs += one.high();
      lows += one.low();
    }
    digest.addSum(highs, lows);
  }

  private void sequence(Digest digest, Iterable<?> sequence) throws IllegalAccessException {
    int size = 0;
    for (Object element : sequence) {
      value(digest, element);
      size++;
    }
    digest.add(OPEN + size);
  }

  private void array(Digest digest, Object array) throws IllegalAccessException {
    int length = Array.getLength(array);
    digest.add(OPEN + length);
    if (array instanceof byte[] bytes) {
      for (byte b : bytes) {
        digest.add(b);
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      Object element = Array.get(array, i);
      if (element != null) {
        digest.add(i);
        value(digest, element);
      }
    }
  }

  private void fields(Digest digest, Object object) throws IllegalAccessException {
    text(digest, object.getClass().getSimpleName());
    for (Field field : fieldsOf.computeIfAbsent(object.getClass(), Fingerprint::fieldsOf)) {
      if (isSequenceNumber(field)) {
        digest.add(newestSeq - field.getLong(object));
      } else {
        value(digest, field.get(object));
      }
    }
  }

  private static boolean isSequenceNumber(Field field) {
    return field.getType() == long.class
        && (field.getName().equals("seq") || field.getName().endsWith("Seq"));
  }

  /** All fields that matter, those of superclasses too, in an order that every JVM has. */
  private static Field[] fieldsOf(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> at = type; at != Object.class; at = at.getSuperclass()) {
      List<Field> own = new ArrayList<>(List.of(at.getDeclaredFields()));
      own.removeIf(Fingerprint::isWithoutEffect);
      own.sort(Comparator.comparing(Field::getName));
      own.forEach(field -> field.setAccessible(true));
      fields.addAll(own);
    }
    return fields.toArray(Field[]::new);
  }

  private static boolean isWithoutEffect(Field field) {
    return Modifier.isStatic(field.getModifiers())
        || field.isSynthetic()
        || FIXED.contains(field.getType())
        || REPORTED.contains(field.getDeclaringClass().getSimpleName() + "." + field.getName());
  }
}
