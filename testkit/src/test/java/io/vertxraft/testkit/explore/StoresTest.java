package io.vertxraft.testkit.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.testkit.ChainHash;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The tables that hold millions of states. */
class StoresTest {
  @Test
  void a_map_finds_all_it_was_given_and_nothing_else() {
    LongIntMap map = new LongIntMap();
    for (int i = 0; i < 100_000; i++) {
      map.put((long) i << 33, i);
    }

    for (int i = 0; i < 100_000; i++) {
      assertThat(map.get((long) i << 33)).isEqualTo(i);
      assertThat(map.get((long) i << 33 | 1)).isEqualTo(-1);
    }
    assertThat(map.size()).isEqualTo(100_000);
  }

  @Test
  void a_state_is_new_once_and_both_halves_of_its_fingerprint_count() {
    VisitedStates visited = new VisitedStates();
    for (int round = 0; round < 2; round++) {
      for (int i = 1; i <= 100_000; i++) {
        assertThat(visited.add(ChainHash.mix(i), i, 0, 0)).isEqualTo(round == 0);
        assertThat(visited.add(ChainHash.mix(i), -i, 0, 0)).isEqualTo(round == 0);
      }
    }
    assertThat(visited.size()).isEqualTo(200_000);
  }

  @Test
  void the_way_to_a_state_is_the_actions_from_the_first() {
    VisitedStates visited = new VisitedStates();
    visited.add(10, 0, 0, 0);
    visited.add(11, 0, 0, 7);
    visited.add(12, 0, 0, 8);
    visited.add(13, 0, 1, 9);

    assertThat(visited.pathTo(3)).containsExactly(7, 9);
    assertThat(visited.pathTo(0)).isEmpty();
  }

  @Test
  void a_queue_gives_states_of_all_lengths_back_in_order() {
    StateQueue queue = new StateQueue();
    int[] state = new int[40];
    int added = 0;
    int taken = 0;
    while (taken < 60_000) {
      for (int i = 0; i < 3 && added < 60_000; i++, added++) {
        Arrays.fill(state, added);
        queue.add(added, added / 100, state, added % 40);
      }
      int[] target = new int[40];
      assertThat(queue.poll(target)).isTrue();
      assertThat(queue.number()).isEqualTo(taken);
      assertThat(queue.depth()).isEqualTo(taken / 100);
      assertThat(queue.length()).isEqualTo(taken % 40);
      int filler = taken;
      assertThat(Arrays.stream(target, 0, queue.length())).allMatch(number -> number == filler);
      taken++;
    }
    assertThat(queue.poll(state)).isFalse();
    assertThat(queue.size()).isZero();
  }
}
