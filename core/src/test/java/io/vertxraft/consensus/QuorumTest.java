package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.Configuration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class QuorumTest {
  private static final List<String> IDS = List.of("a", "b", "c", "d", "e");

  /** Every pair of voter sets over five members, every subset of members that agree. */
  @Test
  void aJointQuorumIsAMajorityOfBothHalvesForEveryPairOfHalves() {
    for (int incoming = 1; incoming < 32; incoming++) {
      for (int outgoing = 0; outgoing < 32; outgoing++) {
        Configuration configuration = configuration(incoming, outgoing);
        for (int agreeing = 0; agreeing < 32; agreeing++) {
          int agree = agreeing;
          boolean expected =
              isMajority(agree, incoming) && (outgoing == 0 || isMajority(agree, outgoing));
          boolean reached =
              Quorum.reached(configuration, id -> (agree & 1 << IDS.indexOf(id)) != 0);
          assertThat(reached).as("%s agree %d", configuration, agree).isEqualTo(expected);
          long value =
              Quorum.reachedValue(configuration, id -> (agree & 1 << IDS.indexOf(id)) != 0 ? 7 : 3);
          assertThat(value).isEqualTo(expected ? 7 : 3);
        }
      }
    }
  }

  /** Each member grants, refuses or is silent. */
  @Test
  void anElectionIsLostOnceTheSilentOnesCannotTurnItAnyMore() {
    for (int outgoing : new int[] {0, 0b00111, 0b11100}) {
      Configuration configuration = configuration(0b11111, outgoing);
      for (int code = 0; code < 243; code++) {
        Map<String, Boolean> votes = new HashMap<>();
        int grants = 0;
        int possible = 0;
        int rest = code;
        for (int i = 0; i < 5; i++, rest /= 3) {
          if (rest % 3 == 0) {
            possible |= 1 << i;
          } else {
            votes.put(IDS.get(i), rest % 3 == 1);
            grants |= rest % 3 == 1 ? 1 << i : 0;
            possible |= rest % 3 == 1 ? 1 << i : 0;
          }
        }
        Quorum.Tally expected =
            wins(grants, outgoing)
                ? Quorum.Tally.WON
                : wins(possible, outgoing) ? Quorum.Tally.PENDING : Quorum.Tally.LOST;
        assertThat(Quorum.tally(configuration, votes)).as("%s", votes).isEqualTo(expected);
      }
    }
  }

  @Test
  void reachedValueIsTheMedianDownwards() {
    Map<String, Long> match = Map.of("a", 10L, "b", 4L, "c", 7L, "d", 2L);
    Configuration four = Configuration.of(new TreeSet<>(match.keySet()));

    assertThat(Quorum.reachedValue(four, match::get)).isEqualTo(4);
    assertThat(Quorum.majority(4)).isEqualTo(3);
    assertThat(Quorum.majority(5)).isEqualTo(3);
  }

  private static boolean wins(int agree, int outgoing) {
    return isMajority(agree, 0b11111) && (outgoing == 0 || isMajority(agree, outgoing));
  }

  private static boolean isMajority(int agree, int voters) {
    return 2 * Integer.bitCount(agree & voters) > Integer.bitCount(voters);
  }

  private static Configuration configuration(int incoming, int outgoing) {
    return Configuration.joint(ids(incoming), ids(outgoing), Set.of());
  }

  private static Set<String> ids(int bits) {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      if ((bits & 1 << i) != 0) {
        ids.add(IDS.get(i));
      }
    }
    return ids;
  }
}
