package io.vertxraft.testkit.explore;

import java.util.Arrays;

/** All actions that may be possible in a state; {@link World#apply} knows which really are. */
final class Successors {
  private final World world;
  private final Bounds bounds;
  private final int firstValue;
  private int[] actions = new int[64];
  private int count;

  /** Actions within the bounds of {@code world}; values count from {@code firstValue} on. */
  Successors(World world, int firstValue) {
    this.world = world;
    this.bounds = world.bounds();
    this.firstValue = firstValue;
  }

  /** Collects the actions in a state of which {@code length} numbers count; returns how many. */
  int of(int[] state, int length) {
    count = 0;
    boolean overfull = length - world.messagesAt() > bounds.inFlight();
    for (int node = 0; !overfull && node < world.nodes().size(); node++) {
      ofNode(state, node);
    }
    for (int at = world.messagesAt(); at < length; at++) {
      if (at == world.messagesAt() || state[at] != state[at - 1]) {
        int receiver = world.messages().receiver(state[at]);
        int delivery = Action.of(receiver, Event.MESSAGE + state[at]);
        if (overfull) {
          add(Action.lost(delivery));
        } else {
          ofMessage(state, delivery);
        }
      }
    }
    return count;
  }

  int action(int index) {
    return actions[index];
  }

  private void ofNode(int[] state, int node) {
    LocalState local = world.state(state, node);
    int budgets = world.budgets(state);
    if (local.isLeader()) {
      ofLeader(state, node);
    } else if (Budget.TIMEOUTS.left(budgets) > 0) {
      ofTimeout(state, node);
    }
    if (local.contactIsFresh() && bounds.preVoteMessages()) {
      add(Action.of(node, Event.AGE));
    }
    if (local.pendingWrites() > 0) {
      addBothWays(state, Action.of(node, Event.PERSIST));
    }
    if (local.pendingLoads() > 0) {
      add(Action.of(node, Event.LOAD));
    }
    if (Budget.RESTARTS.left(budgets) > 0) {
      for (int kept = 0; kept <= Math.min(local.pendingWrites(), Bounds.COUNT_MAX); kept++) {
        add(Action.of(node, Event.CRASH + kept));
      }
    }
  }

  private void ofTimeout(int[] state, int node) {
    if (bounds.preVoteMessages() || world.nodes().size() == 1) {
      addBothWays(state, Action.of(node, Event.TIME_OUT));
      return;
    }
    for (int voters = 1; voters < 1 << world.nodes().size(); voters++) {
      if ((voters & (1 << node)) == 0) {
        addBothWays(state, Action.of(node, Action.CAMPAIGN + voters));
      }
    }
  }

  private void ofLeader(int[] state, int node) {
    int budgets = world.budgets(state);
    add(Action.of(node, Event.SILENCE));
    if (Budget.HEARTBEATS.left(budgets) > 0) {
      add(Action.of(node, Event.HEARTBEAT));
    }
    if (Budget.REPROBES.left(budgets) > 0) {
      for (int follower = 0; follower < world.nodes().size() - 1; follower++) {
        add(Action.of(node, Event.REPROBE + follower));
      }
    }
    int proposed = bounds.values() - Budget.VALUES.left(budgets);
    if (proposed < bounds.values()) {
      addBothWays(state, Action.of(node, Event.PROPOSE + firstValue + proposed));
    }
  }

  private void ofMessage(int[] state, int delivery) {
    addBothWays(state, delivery);
    if (Budget.DUPLICATES.left(world.budgets(state)) > 0) {
      addBothWays(state, Action.duplicate(delivery));
    }
  }

  private void addBothWays(int[] state, int action) {
    add(action);
    if (Budget.SLOW_WRITES.left(world.budgets(state)) > 0) {
      add(Action.slow(action));
    }
  }

  private void add(int action) {
    if (count == actions.length) {
      actions = Arrays.copyOf(actions, count * 2);
    }
    actions[count++] = action;
  }
}
