package io.vertxraft.testkit.explore;

import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.Arrays;
import java.util.Locale;

/**
 * Scopes worth exploring: bounds, and where to start. All but {@link #BROAD} are explored to the
 * end, in one to three million states: at most two messages are on their way at a time there, which
 * is enough to overtake and to come late, and lets the search go a hundred steps deep.
 */
public enum Preset {
  /** A bit of everything from new members on; never complete. */
  BROAD(
      Bounds.builder()
          .timeouts(4)
          .heartbeats(2)
          .restarts(2)
          .duplicates(1)
          .slowWrites(2)
          .reprobes(1)
          .states(1_000_000)
          .build(),
      Script.EMPTY),

  /** Two elections from new members on, a value, and a crash. */
  BEGINNING(few().values(1).restarts(1).build(), Script.EMPTY),

  /** Elections alone, each pre-vote a message, with a slow vote and a crash. */
  ELECTIONS(
      few().terms(3).values(0).restarts(1).slowWrites(1).preVoteMessages(true).build(),
      Script.EMPTY),

  /** A leader, a value, a heartbeat, a crash, and maybe another leader. */
  REPLICATION(
      few().values(1).timeouts(1).heartbeats(1).restarts(1).entriesPerAppend(1).build(), led()),

  /** A leader and two values, a write that takes its time, and a crash that may lose it. */
  SLOW_DISK(
      few()
          .timeouts(0)
          .heartbeats(1)
          .restarts(1)
          .slowWrites(1)
          .reprobes(1)
          .entriesPerAppend(1)
          .build(),
      led()),

  /** A leader, a value, and messages that come twice. */
  REPEATS(
      few().values(1).timeouts(1).heartbeats(1).duplicates(1).entriesPerAppend(1).build(), led()),

  /**
   * The situation of figure 8: a has an entry of term 1 that nobody else has and has stood down, b
   * has one of term 2, and a has just been elected again, by c. It may now bring c its old entry,
   * which must not count as committed: b can still be elected and replace it.
   */
  FIGURE_8(
      few().values(0).timeouts(1).restarts(1).entriesPerAppend(1).build(),
      led()
          .silence("a")
          .campaign("b", "c")
          .deliver("b", "a", VoteRequest.class)
          .deliver("b", "c", VoteRequest.class)
          .deliver("c", "b", VoteReply.class)
          .loseMessages()
          .elect("a", "c"));

  private final Bounds bounds;
  private final Script script;

  Preset(Bounds bounds, Script script) {
    this.bounds = bounds;
    this.script = script;
  }

  private static Bounds.Builder few() {
    return Bounds.builder().inFlight(2);
  }

  /** a leads term 1 and nobody has heard of it but b, who voted. */
  private static Script led() {
    return Script.EMPTY.elect("a", "b").loseMessages();
  }

  /** How far the search goes. */
  public Bounds bounds() {
    return bounds;
  }

  /** What happens before the search. */
  public Script script() {
    return script;
  }

  /**
   * The preset called {@code name}, in any case, with - or _ between words.
   *
   * @throws IllegalArgumentException if there is none, listing those there are
   */
  public static Preset of(String name) {
    String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
    for (Preset preset : values()) {
      if (preset.name().equals(wanted)) {
        return preset;
      }
    }
    throw new IllegalArgumentException(
        "no preset is called %s; there are %s".formatted(name, Arrays.toString(values())));
  }
}
