package io.vertxraft.examples.kv;

import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.pcollections.TreePMap;

/**
 * What the map that a snapshot takes as it is costs against a plain one: a million keys in random
 * order. Not part of the build:
 *
 * <pre>
 * mvn -q -Dfast -DskipTests -pl examples/kv -am package
 * java -Xmx2g -cp examples/kv/target/raft-kv.jar:examples/kv/target/test-classes \
 *     io.vertxraft.examples.kv.MapBenchmark
 * </pre>
 */
final class MapBenchmark {
  private static final int KEYS = 1_000_000;
  private static final int ROUNDS = 5;

  private long sum;

  private MapBenchmark() {}

  /** Prints nanoseconds per operation, the best of some rounds. */
  public static void main(String[] arguments) {
    new MapBenchmark().run();
  }

  private void run() {
    KvKey[] keys = new KvKey[KEYS];
    Random random = new Random(1);
    for (int i = 0; i < KEYS; i++) {
      keys[i] = KvKey.of("user/" + Long.toHexString(random.nextLong()));
    }
    double[] plain = new double[3];
    double[] persistent = new double[3];
    for (int round = 0; round < ROUNDS; round++) {
      keepBest(plain, plain(keys));
      keepBest(persistent, persistent(keys));
    }
    String[] names = {"insert", "get", "replace"};
    for (int i = 0; i < names.length; i++) {
      System.out.printf(
          Locale.ROOT,
          "%-8s TreeMap %,6.0f ns  TreePMap %,6.0f ns  ratio %.2f%n",
          names[i],
          plain[i],
          persistent[i],
          persistent[i] / plain[i]);
    }
    System.out.println("checksum " + sum);
  }

  private static void keepBest(double[] best, long[] nanos) {
    for (int i = 0; i < best.length; i++) {
      double each = (nanos[i + 1] - nanos[i]) / (double) KEYS;
      best[i] = best[i] == 0 ? each : Math.min(best[i], each);
    }
  }

  private long[] plain(KvKey[] keys) {
    TreeMap<KvKey, Integer> map = new TreeMap<>();
    final long begun = System.nanoTime();
    for (KvKey key : keys) {
      map.put(key, 1);
    }
    final long filled = System.nanoTime();
    for (KvKey key : keys) {
      sum += map.get(key);
    }
    final long read = System.nanoTime();
    for (KvKey key : keys) {
      map.put(key, 2);
    }
    return new long[] {begun, filled, read, System.nanoTime()};
  }

  private long[] persistent(KvKey[] keys) {
    TreePMap<KvKey, Integer> map = TreePMap.empty();
    final long begun = System.nanoTime();
    for (KvKey key : keys) {
      map = map.plus(key, 1);
    }
    final long filled = System.nanoTime();
    for (KvKey key : keys) {
      sum += map.get(key);
    }
    final long read = System.nanoTime();
    for (KvKey key : keys) {
      map = map.plus(key, 2);
    }
    return new long[] {begun, filled, read, System.nanoTime()};
  }
}
