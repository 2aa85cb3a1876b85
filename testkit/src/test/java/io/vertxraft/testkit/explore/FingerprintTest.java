package io.vertxraft.testkit.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.RaftCore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final int[] NOBODY = {0, 1, 2};
  private static final int[] A_AND_B = {1, 0, 2};
  private static final long NOON = Fingerprint.INSTANTS * 2;

  private final Fingerprint fingerprint = new Fingerprint(List.of("a", "b", "c"));

  private record Timer(long deadline) {}

  private record Write(long seq) {}

  /** A list that holds a number and itself. */
  private static List<Object> ring(int number) {
    List<Object> ring = new ArrayList<>();
    ring.add(number);
    ring.add(ring);
    return ring;
  }

  private List<Long> of(Object object, int[] renaming, long now, long seq) {
    Digest digest = fingerprint.of(object, renaming, now, seq);
    return List.of(digest.high(), digest.low());
  }

  private List<Long> of(Object object) {
    return of(object, NOBODY, NOON, 0);
  }

  @Test
  void instants_count_from_the_present() {
    assertThat(of(new Timer(NOON + 5), NOBODY, NOON, 0))
        .isEqualTo(of(new Timer(NOON + 17), NOBODY, NOON + 12, 0))
        .isNotEqualTo(of(new Timer(NOON + 6), NOBODY, NOON, 0));
  }

  @Test
  void write_numbers_count_from_the_newest() {
    assertThat(of(new Write(7), NOBODY, NOON, 9))
        .isEqualTo(of(new Write(1), NOBODY, NOON, 3))
        .isNotEqualTo(of(new Write(8), NOBODY, NOON, 9));
  }

  @Test
  void a_renamed_member_leaves_the_same_trace_under_the_renaming() {
    Map<String, Integer> votes = new LinkedHashMap<>();
    votes.put("a", 1);
    votes.put("b", 2);
    Map<String, Integer> renamed = new LinkedHashMap<>();
    renamed.put("a", 2);
    renamed.put("b", 1);

    assertThat(of(votes, A_AND_B, NOON, 0)).isEqualTo(of(renamed)).isNotEqualTo(of(votes));
  }

  @Test
  void objects_that_refer_to_each_other_are_told_apart_by_what_they_hold() {
    assertThat(of(ring(1))).isEqualTo(of(ring(1))).isNotEqualTo(of(ring(2)));
  }

  @Test
  void order_matters_in_lists_and_sizes_in_what_is_nested() {
    assertThat(of(List.of(1, 2))).isNotEqualTo(of(List.of(2, 1)));
    assertThat(of(List.of(List.of(1), List.of(2))))
        .isNotEqualTo(of(List.of(List.of(1, 2), List.of())));
    assertThat(of(new long[] {1})).isNotEqualTo(of(new long[] {1, 0}));
  }

  /** A renamed field would silently count as behaviour again, and states would not be merged. */
  @Test
  void the_fields_that_are_left_out_exist() throws ReflectiveOperationException {
    List<String> found = new ArrayList<>();
    for (String name : Fingerprint.REPORTED) {
      String[] parts = name.split("\\.", -1);
      Class<?> type = Class.forName(RaftCore.class.getPackageName() + "." + parts[0]);
      found.add(type.getSimpleName() + "." + type.getDeclaredField(parts[1]).getName());
    }

    assertThat(found).containsExactlyInAnyOrderElementsOf(Fingerprint.REPORTED);
  }
}
