package io.vertxraft.testkit.explore;

import io.vertxraft.consensus.Mark;
import io.vertxraft.protocol.HardState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The states of single members, and where each event leads from there.
 *
 * <p>A core cannot be copied. But its state is a function of what happened to it, so a state is
 * kept as the shortest known way to it: the state before, and the event. A step that was never
 * taken before is taken by a new core that is led that way, from the beginning or the last restart;
 * the result is found again by its {@link Fingerprint} and the step is never taken twice. Members
 * meet far fewer states than their combinations, so nearly all steps of an exploration are
 * look-ups.
 */
final class LocalStates {
  /**
   * What an event does to a member.
   *
   * @param next number of the state it leads to, or {@link #IMPOSSIBLE}
   * @param sent numbers of the messages sent
   * @param issuedWrite whether it issued a write
   * @param withinBounds whether term and log of the next state are within the bounds
   * @param violation the rule broken, or null
   */
  record Step(int next, int[] sent, boolean issuedWrite, boolean withinBounds, String violation) {
    /** Whether the event leaves no trace in {@code state}. */
    boolean doesNothing(int state) {
      return next == state && sent.length == 0 && violation == null;
    }
  }

  /** Where an event leads that cannot happen. */
  static final int IMPOSSIBLE = -1;

  private static final int[] NOTHING = {};
  private static final Step NO_STEP = new Step(IMPOSSIBLE, NOTHING, false, true, null);

  private record Key(long high, long low) {}

  private final Bounds bounds;
  private final List<String> nodes;
  private final int[][] renamings;
  private final Fingerprint fingerprint;
  private final Messages messages;
  private final LogTree logs;
  private final Map<Key, Integer> numbers = new HashMap<>();
  private final List<LocalState> states = new ArrayList<>();
  private final Set<Mark> marks = EnumSet.noneOf(Mark.class);
  private final LongIntMap taken = new LongIntMap();
  private final List<Step> steps = new ArrayList<>();

  /** The states of {@code nodes}; {@code renamings} starts with the one that renames nobody. */
  LocalStates(
      Bounds bounds, List<String> nodes, int[][] renamings, Fingerprint fingerprint, LogTree logs) {
    this.bounds = bounds;
    this.nodes = nodes;
    this.renamings = renamings;
    this.fingerprint = fingerprint;
    this.messages = new Messages(nodes, renamings, fingerprint);
    this.logs = logs;
  }

  LocalState state(int number) {
    return states.get(number);
  }

  Messages messages() {
    return messages;
  }

  int size() {
    return states.size();
  }

  /** Steps taken by a core, and not found again. */
  int stepsTaken() {
    return steps.size();
  }

  /** The corners of the core that members got to. */
  Set<Mark> marks() {
    return marks;
  }

  /** The state of a member that has never run. */
  int first(int node) {
    LocalMachine machine = machine(node, new LocalState.Disk(HardState.INITIAL, List.of()));
    return number(machine, node, states.size(), Event.CRASH);
  }

  /** What {@code event} does to a member in {@code state}. */
  Step step(int state, int event) {
    long key = ((long) state << Integer.SIZE) | event;
    int known = taken.get(key);
    if (known >= 0) {
      return steps.get(known);
    }
    Step step = take(state, event);
    taken.put(key, steps.size());
    steps.add(step);
    return step;
  }

  private Step take(int number, int event) {
    LocalState before = states.get(number);
    LocalMachine machine = leadTo(number);
    try {
      if (!machine.take(event, packet(event))) {
        return NO_STEP;
      }
    } catch (RuntimeException | AssertionError e) {
      // The core's own invariants: whatever it throws, a member that fails breaks a rule.
      return new Step(number, NOTHING, false, true, "the core failed: " + e);
    }
    int next = number(machine, before.node(), number, event);
    LocalState after = states.get(next);
    boolean withinBounds =
        after.term() <= bounds.terms() && logs.length(after.log()) <= bounds.entries();
    String violation = MemberRules.check(before, after, Event.isCrash(event), machine.sent(), logs);
    int[] sent = machine.sent().stream().mapToInt(messages::numberOf).toArray();
    return new Step(next, sent, machine.issuedWrite(), withinBounds, violation);
  }

  private Packet packet(int event) {
    return Event.isMessage(event) ? messages.packet(event - Event.MESSAGE) : null;
  }

  private LocalMachine machine(int node, LocalState.Disk disk) {
    return new LocalMachine(nodes.get(node), nodes, bounds.entriesPerAppend(), disk, marks);
  }

  /** A new core in the given state. */
  private LocalMachine leadTo(int number) {
    List<Integer> events = new ArrayList<>();
    LocalState at = states.get(number);
    while (at.recovered() == null) {
      events.add(at.event());
      at = states.get(at.parent());
    }
    LocalMachine machine = machine(at.node(), at.recovered());
    for (int i = events.size() - 1; i >= 0; i--) {
      int event = events.get(i);
      machine.take(event, packet(event));
    }
    Digest digest = machine.fingerprint(fingerprint, renamings[0]);
    LocalState wanted = states.get(number);
    if (digest.high() != wanted.highs()[0] || digest.low() != wanted.lows()[0]) {
      throw new IllegalStateException(
          "the core is not deterministic: the same events led %s to another state than %s"
              .formatted(nodes.get(at.node()), wanted.text(logs)));
    }
    return machine;
  }

  private int number(LocalMachine machine, int node, int parent, int event) {
    Digest own = machine.fingerprint(fingerprint, renamings[0]);
    Key key = new Key(own.high(), own.low());
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    Digest[] digests = new Digest[renamings.length];
    for (int i = 0; i < digests.length; i++) {
      digests[i] = i == 0 ? own : machine.fingerprint(fingerprint, renamings[i]);
    }
    numbers.put(key, states.size());
    states.add(LocalState.of(machine, node, parent, event, logs, digests));
    return states.size() - 1;
  }
}
