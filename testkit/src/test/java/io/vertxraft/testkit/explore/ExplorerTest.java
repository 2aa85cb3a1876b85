package io.vertxraft.testkit.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.consensus.Mark;
import io.vertxraft.protocol.VoteReply;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplorerTest {
  private static final Bounds TINY =
      Bounds.builder().values(1).timeouts(1).restarts(1).slowWrites(1).inFlight(1).build();

  private static Result explore(Preset preset, Bounds bounds) {
    return Explorer.explore(bounds, preset.script(), (states, transitions, depth, waiting) -> {});
  }

  @Test
  void two_elections_and_a_value_break_no_rule_in_whatever_order() {
    Result result =
        explore(Preset.BEGINNING, Preset.BEGINNING.bounds().toBuilder().restarts(0).build());

    assertThat(result.violation()).isNull();
    assertThat(result.complete()).isTrue();
    assertThat(result.states()).isGreaterThan(100_000);
    assertThat(result.marks())
        .contains(
            Mark.LEADER_DEPOSED,
            Mark.VOTE_REFUSED_GIVEN,
            Mark.STALE_REQUEST_ANSWERED,
            Mark.GAP_REFUSED);
  }

  @Test
  void a_million_states_of_three_members_break_no_rule() {
    Result result =
        explore(Preset.BROAD, Preset.BROAD.bounds().toBuilder().states(1_000_000).build());

    assertThat(result.violation()).isNull();
    assertThat(result.states()).isEqualTo(1_000_000);
  }

  @Test
  void the_situation_of_figure_8_is_met_and_does_no_harm() {
    Result result =
        explore(Preset.FIGURE_8, Preset.FIGURE_8.bounds().toBuilder().restarts(0).build());

    assertThat(result.violation()).isNull();
    assertThat(result.complete()).isTrue();
    assertThat(result.marks()).contains(Mark.OLD_TERM_NOT_COMMITTED, Mark.CONFLICT_TRUNCATED);
  }

  @Test
  void a_write_that_takes_its_time_and_a_crash_that_loses_it_do_no_harm() {
    Result result =
        explore(Preset.SLOW_DISK, Preset.SLOW_DISK.bounds().toBuilder().values(1).build());

    assertThat(result.violation()).isNull();
    assertThat(result.complete()).isTrue();
    assertThat(result.marks())
        .contains(
            Mark.COMMITTED_BEFORE_OWN_DISK, Mark.COMMIT_BEFORE_DURABLE, Mark.RECOVERED_UNCOMMITTED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5})
  void clusters_of_other_sizes_break_no_rule_either(int nodes) {
    Bounds bounds =
        TINY.toBuilder().nodes(nodes).inFlight(3).symmetry(nodes <= 4).states(30_000).build();

    Result result = Explorer.explore(bounds);

    assertThat(result.violation()).isNull();
    assertThat(result.complete()).as("all states of so small a group").isEqualTo(nodes <= 2);
    assertThat(result.marks().contains(Mark.LONE_VOTER_ELECTED)).isEqualTo(nodes == 1);
  }

  @Test
  void the_same_bounds_give_the_same_result() {
    assertThat(Explorer.explore(TINY)).isEqualTo(Explorer.explore(TINY));
  }

  @Test
  void the_search_stops_at_the_given_number_of_states() {
    Result result = Explorer.explore(TINY.toBuilder().states(1_000).build());

    assertThat(result.states()).isEqualTo(1_000);
    assertThat(result.complete()).isFalse();
  }

  /** A search that knows no hashes finds as many states, and as many up to renaming. */
  @Test
  void no_state_is_forgotten_and_none_is_met_twice() {
    World world = new World(TINY, StateHash.renamings(3, true));
    StateHash upToRenaming = new StateHash(StateHash.renamings(3, true));
    Set<List<Integer>> states = new HashSet<>();
    Set<List<Long>> classes = new HashSet<>();
    ArrayDeque<int[]> waiting = new ArrayDeque<>();
    Successors successors = new Successors(world, 0);
    int[] first = world.withBudgets(world.first());
    states.add(Arrays.stream(first).boxed().toList());
    waiting.add(first);
    while (!waiting.isEmpty()) {
      int[] state = waiting.poll();
      upToRenaming.of(world, state, state.length);
      classes.add(List.of(upToRenaming.high(), upToRenaming.low()));
      int count = successors.of(state, state.length);
      for (int i = 0; i < count; i++) {
        if (world.apply(state, state.length, successors.action(i)) == World.Outcome.REACHED) {
          int[] next = Arrays.copyOf(world.next(), world.length());
          if (states.add(Arrays.stream(next).boxed().toList())) {
            waiting.add(next);
          }
        }
      }
    }

    Bounds named = TINY.toBuilder().symmetry(false).build();
    assertThat(Explorer.explore(named).states()).isEqualTo(states.size());
    assertThat(Explorer.explore(TINY).states()).isEqualTo(classes.size());
    assertThat(classes.size()).isBetween(states.size() / 6, states.size() / 4);
  }

  @Test
  void a_script_that_cannot_be_played_says_where_and_why() {
    assertThatThrownBy(() -> play(Script.EMPTY.deliver("b", "a", VoteReply.class)))
        .hasMessage("the script delivers a VoteReply from b to a, but there is none on its way");
    assertThatThrownBy(() -> play(Script.EMPTY.crash("x")))
        .hasMessage("the script speaks of member x, but there are only [a, b, c]");
    assertThatThrownBy(() -> play(Script.EMPTY.elect("a", "b").propose("b")))
        .hasMessage("step 4 of the script (b: propose value 0) is not possible");
    assertThatThrownBy(
            () ->
                Explorer.explore(
                    Bounds.builder().entries(1).build(),
                    Script.EMPTY.elect("a", "b").propose("a"),
                    (states, transitions, depth, waiting) -> {}))
        .hasMessage("step 4 of the script (a: propose value 0) is out of bounds");
  }

  private static void play(Script script) {
    Explorer.explore(TINY, script, (states, transitions, depth, waiting) -> {});
  }

  @Test
  void bounds_that_make_no_sense_are_refused_with_their_range() {
    assertThatThrownBy(() -> Bounds.builder().nodes(6).build())
        .hasMessage("nodes is 6, but must be between 1 and 5");
    assertThatThrownBy(() -> Bounds.builder().restarts(16).build())
        .hasMessage("restarts is 16, but must be between 0 and 15");
    assertThatThrownBy(() -> Bounds.builder().nodes(5).symmetry(true).build())
        .hasMessageContaining("turn it off");
  }
}
