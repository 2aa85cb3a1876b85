package io.vertxraft.testkit.explore;

import io.vertxraft.testkit.ChainHash;
import java.util.ArrayList;
import java.util.List;

/**
 * The fingerprint of a global state. With symmetry it is the smallest of those under all renamings
 * of the members, so that states that differ only in who is who have the same one: the core knows
 * nobody by name, and whatever breaks a rule in one of them breaks it, renamed, in the other.
 */
final class StateHash {
  private static final long LEADER = 0x4c65_6164_6572_7321L;
  private static final long REST = 0x5265_7374_5265_7374L;

  private final int[][] renamings;
  private long high;
  private long low;

  StateHash(int[][] renamings) {
    this.renamings = renamings;
  }

  /** Who lends its name to whom: only everybody to themselves, or all ways. */
  static int[][] renamings(int nodes, boolean symmetry) {
    List<int[]> all = new ArrayList<>();
    int[] identity = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      identity[i] = i;
    }
    if (symmetry) {
      permute(identity, 0, all);
    } else {
      all.add(identity);
    }
    return all.toArray(int[][]::new);
  }

  /** The first one found changes nothing. */
  private static void permute(int[] names, int from, List<int[]> all) {
    if (from == names.length) {
      all.add(names.clone());
    }
    for (int i = from; i < names.length; i++) {
      swap(names, from, i);
      permute(names, from + 1, all);
      swap(names, from, i);
    }
  }

  private static void swap(int[] names, int one, int other) {
    int name = names[one];
    names[one] = names[other];
    names[other] = name;
  }

  /** Computes {@link #high} and {@link #low} of a state of which {@code length} numbers count. */
  void of(World world, int[] state, int length) {
    Messages messages = world.messages();
    for (int i = 0; i < renamings.length; i++) {
      long one = ChainHash.mix(REST + world.history(state));
      long other = ChainHash.mix(REST ^ world.budgets(state));
      one += other;
      for (int node = 0; node < world.nodes().size(); node++) {
        LocalState local = world.state(state, node);
        one += local.highs()[i];
        other += local.lows()[i];
      }
      for (int at = world.messagesAt(); at < length; at++) {
        one += messages.high(state[at], i);
        other += messages.low(state[at], i);
      }
      long leaders = leaders(world, state, renamings[i]);
      one += ChainHash.mix(leaders);
      other += ChainHash.mix(leaders ^ REST);
      if (i == 0 || Long.compare(one, high) < 0 || (one == high && other < low)) {
        high = one;
        low = other;
      }
    }
  }

  private static long leaders(World world, int[] state, int[] renaming) {
    long leaders = LEADER;
    for (int term = 1; term <= world.bounds().terms(); term++) {
      int leader = world.leaderOf(state, term);
      leaders = leaders * (Bounds.NODES_MAX + 1) + (leader < 0 ? 0 : renaming[leader] + 1);
    }
    return leaders;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }
}
