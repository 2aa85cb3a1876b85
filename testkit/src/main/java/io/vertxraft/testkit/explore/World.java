package io.vertxraft.testkit.explore;

import io.vertxraft.consensus.RoleKind;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteRequest;
import java.util.Arrays;
import java.util.List;

/**
 * The cluster: takes one {@link Action} at a time from one global state to the next.
 *
 * <p>A global state is a row of numbers: the {@link LocalState} of each member, the {@link Commits}
 * so far, who has led which term, the {@link Budget}s, and then the messages on their way, sorted,
 * each as often as it is there.
 */
final class World {
  /** What came of an action. */
  enum Outcome {
    /** {@link World#next} holds the state reached. */
    REACHED,
    /** The action cannot happen here, or changes nothing that another action does not. */
    NOTHING,
    /** The action leads out of the bounds. */
    OUTSIDE,
    /** {@link World#violation} tells which rule the action breaks. */
    BROKEN
  }

  private static final int LEADER_BITS = 3;
  private static final int LEADER_MASK = (1 << LEADER_BITS) - 1;
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

  private final Bounds bounds;
  private final List<String> nodes;
  private final LogTree logs = new LogTree();
  private final Commits commits = new Commits();
  private final LocalStates locals;
  private final Messages messages;
  private final int commitsAt;
  private final int leadersAt;
  private final int budgetsAt;
  private final int messagesAt;
  private int[] next = new int[64];
  private int length;
  private Outcome outcome;
  private String violation;
  private boolean campaigning;
  private boolean wroteSomething;

  World(Bounds bounds, int[][] renamings) {
    this.bounds = bounds;
    this.nodes = NAMES.subList(0, bounds.nodes());
    this.locals = new LocalStates(bounds, nodes, renamings, new Fingerprint(nodes), logs);
    this.messages = locals.messages();
    this.commitsAt = nodes.size();
    this.leadersAt = commitsAt + 1;
    this.budgetsAt = commitsAt + 2;
    this.messagesAt = commitsAt + 3;
  }

  /** The state in which no member has ever run, with all budgets full. */
  int[] first() {
    int[] state = new int[messagesAt];
    for (int node = 0; node < nodes.size(); node++) {
      state[node] = locals.first(node);
    }
    state[budgetsAt] = Budget.full();
    return state;
  }

  /** The given state with the budgets of the bounds. */
  int[] withBudgets(int[] state) {
    int[] copy = state.clone();
    copy[budgetsAt] = Budget.of(bounds);
    return copy;
  }

  /**
   * Takes {@code action} in {@code state}, of which {@code size} numbers count; what it leads to is
   * in {@link #next} until the next call.
   */
  Outcome apply(int[] state, int size, int action) {
    if (next.length < size) {
      next = new int[size * 2];
    }
    System.arraycopy(state, 0, next, 0, size);
    length = size;
    outcome = Outcome.REACHED;
    violation = null;
    wroteSomething = false;
    int node = Action.node(action);
    int code = Action.code(action);
    if (code == Action.FORGET) {
      length = messagesAt;
    } else if (Action.isLost(action)) {
      remove(code - Event.MESSAGE);
    } else if (pay(action)) {
      campaigning = Action.isCampaign(code);
      if (campaigning) {
        campaign(node, code - Action.CAMPAIGN, Action.isSlow(action));
      } else {
        happen(node, code, action);
      }
      if (outcome == Outcome.REACHED && Action.isSlow(action) && !wroteSomething) {
        outcome = Outcome.NOTHING;
      }
      if (outcome == Outcome.REACHED) {
        dropDead();
      }
    }
    return outcome;
  }

  private boolean pay(int action) {
    int code = Action.code(action);
    boolean timesOut = code == Event.TIME_OUT || Action.isCampaign(code);
    return spend(Budget.TIMEOUTS, timesOut)
        && spend(Budget.HEARTBEATS, code == Event.HEARTBEAT)
        && spend(Budget.RESTARTS, Event.isCrash(code))
        && spend(Budget.DUPLICATES, Action.isDuplicate(action))
        && spend(Budget.SLOW_WRITES, Action.isSlow(action))
        && spend(Budget.REPROBES, code >= Event.REPROBE && code < Event.PROPOSE)
        && spend(Budget.VALUES, code >= Event.PROPOSE && code < Event.CRASH);
  }

  private boolean spend(Budget budget, boolean needed) {
    if (!needed) {
      return true;
    }
    if (budget.left(next[budgetsAt]) == 0) {
      outcome = Outcome.NOTHING;
      return false;
    }
    next[budgetsAt] = budget.spend(next[budgetsAt]);
    return true;
  }

  private void happen(int node, int code, int action) {
    if (Event.isMessage(code)) {
      int message = code - Event.MESSAGE;
      boolean asksForVote = messages.packet(message).message() instanceof VoteRequest;
      if (asksForVote && state(next, node).contactIsFresh()) {
        // Earlier it would be refused without a trace, as if it had been lost.
        step(node, Event.AGE, false);
      }
      // Staying undelivered for ever is a future of every message: no need to deliver it in vain.
      if (locals.step(next[node], code).doesNothing(next[node])) {
        outcome = Outcome.NOTHING;
        return;
      }
      if (!Action.isDuplicate(action)) {
        remove(message);
      }
    }
    step(node, code, Action.isSlow(action));
  }

  /** A whole pre-vote round; answers that nobody waits for any more are ignored by the core. */
  private void campaign(int node, int voters, boolean slow) {
    LocalStates.Step timedOut = step(node, Event.TIME_OUT, slow);
    for (int i = 0; timedOut != null && i < timedOut.sent().length; i++) {
      int request = timedOut.sent()[i];
      int voter = messages.receiver(request);
      if ((voters & (1 << voter)) == 0 || !isPreVote(request)) {
        continue;
      }
      if (state(next, voter).contactIsFresh()) {
        step(voter, Event.AGE, false);
      }
      LocalStates.Step asked = step(voter, Event.MESSAGE + request, false);
      for (int reply : asked == null ? new int[0] : asked.sent()) {
        if (isPreVote(reply)) {
          step(node, Event.MESSAGE + reply, slow);
        }
      }
    }
  }

  private boolean isPreVote(int message) {
    RaftMessage content = messages.packet(message).message();
    return content instanceof PreVoteRequest || content instanceof PreVoteReply;
  }

  /** One event at one member, and its writes unless they are slow; null if it did not go well. */
  private LocalStates.Step step(int node, int event, boolean slow) {
    if (outcome != Outcome.REACHED) {
      return null;
    }
    LocalStates.Step step = locals.step(next[node], event);
    if (step.violation() != null) {
      broken(nodes.get(node) + ": " + step.violation());
      return null;
    }
    if (step.next() == LocalStates.IMPOSSIBLE || !step.withinBounds()) {
      outcome = step.withinBounds() ? Outcome.NOTHING : Outcome.OUTSIDE;
      return null;
    }
    next[node] = step.next();
    for (int message : step.sent()) {
      if (!campaigning || !isPreVote(message)) {
        insert(message);
      }
    }
    remember(node);
    wroteSomething |= step.issuedWrite();
    if (step.issuedWrite() && !slow) {
      while (outcome == Outcome.REACHED && state(next, node).pendingWrites() > 0) {
        step(node, Event.PERSIST, true);
      }
    }
    return outcome == Outcome.REACHED ? step : null;
  }

  /** Notes who leads and what is committed, and compares with what was. */
  private void remember(int node) {
    LocalState state = state(next, node);
    if (state.isLeader()) {
      int shift = (int) (state.term() - 1) * LEADER_BITS;
      int other = (next[leadersAt] >> shift) & LEADER_MASK;
      if (other != 0 && other != node + 1) {
        broken(
            "election safety: both %s and %s led term %d"
                .formatted(nodes.get(other - 1), nodes.get(node), state.term()));
        return;
      }
      next[leadersAt] |= (node + 1) << shift;
    }
    int committed = logs.prefix(state.log(), state.commitIndex());
    int before = commits.log(next[commitsAt]);
    if (committed == before || logs.isPrefix(committed, before)) {
      return;
    }
    if (!logs.isPrefix(before, committed)) {
      broken(
          "state machine safety: %s commits %s, but committed was %s"
              .formatted(nodes.get(node), logs.text(committed), logs.text(before)));
      return;
    }
    next[commitsAt] = commits.add(next[commitsAt], committed, state.term());
  }

  private void broken(String rule) {
    outcome = Outcome.BROKEN;
    violation = rule;
  }

  private void insert(int message) {
    if (length == next.length) {
      next = Arrays.copyOf(next, length * 2);
    }
    int at = length++;
    while (at > messagesAt && next[at - 1] > message) {
      next[at] = next[at - 1];
      at--;
    }
    next[at] = message;
  }

  private void remove(int message) {
    int at = Arrays.binarySearch(next, messagesAt, length, message);
    System.arraycopy(next, at + 1, next, at, length - at - 1);
    length--;
  }

  /**
   * Removes messages that no receiver will ever care for, so that states do not differ by rubbish.
   * Whether the core really ignores them is looked up, not believed.
   */
  private void dropDead() {
    int kept = messagesAt;
    for (int i = messagesAt; i < length; i++) {
      int message = next[i];
      int receiver = next[messages.receiver(message)];
      LocalState state = locals.state(receiver);
      boolean dead =
          messages
                  .packet(message)
                  .isDeadFor(state.durable().term(), state.role() == RoleKind.CANDIDATE)
              && locals.step(receiver, Event.MESSAGE + message).doesNothing(receiver);
      if (!dead) {
        next[kept++] = message;
      }
    }
    length = kept;
  }

  // --- what is to be seen -----------------------------------------------------------------------

  /** The state that the last action led to; {@link #length} of its numbers count. */
  int[] next() {
    return next;
  }

  int length() {
    return length;
  }

  /** The rule that the last action broke, or null. */
  String violation() {
    return violation;
  }

  Bounds bounds() {
    return bounds;
  }

  List<String> nodes() {
    return nodes;
  }

  LocalStates locals() {
    return locals;
  }

  Messages messages() {
    return messages;
  }

  LogTree logs() {
    return logs;
  }

  Commits commits() {
    return commits;
  }

  LocalState state(int[] state, int node) {
    return locals.state(state[node]);
  }

  int history(int[] state) {
    return state[commitsAt];
  }

  int budgets(int[] state) {
    return state[budgetsAt];
  }

  /** Position of the member that led {@code term}, or -1. */
  int leaderOf(int[] state, int term) {
    return ((state[leadersAt] >> ((term - 1) * LEADER_BITS)) & LEADER_MASK) - 1;
  }

  /** Where the messages begin. */
  int messagesAt() {
    return messagesAt;
  }
}
