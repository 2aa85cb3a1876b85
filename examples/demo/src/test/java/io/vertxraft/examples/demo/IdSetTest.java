package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdSetTest {
  private static final int PAGE = 1 << 16;

  @Test
  void anIdIsNewOnlyOnce() {
    IdSet ids = new IdSet();
    assertThat(ids.add(7)).isTrue();
    assertThat(ids.add(7)).isFalse();
    assertThat(ids.size()).isEqualTo(1);
    assertThat(ids.contains(7)).isTrue();
    assertThat(ids.contains(8)).isFalse();
    assertThat(ids.contains(10_000_000)).isFalse();
  }

  @Test
  void aFullPageStillKnowsItsIds() {
    IdSet ids = range(0, PAGE + 3);
    assertThat(ids.size()).isEqualTo(PAGE + 3);
    assertThat(ids.add(0)).isFalse();
    assertThat(ids.add(PAGE - 1)).isFalse();
    assertThat(ids.contains(PAGE - 1)).isTrue();
    assertThat(ids.contains(PAGE + 3)).isFalse();
  }

  @Test
  void aDifferenceFindsTheOneMissingIdAmongManyPages() {
    IdSet promised = range(0, 5 * PAGE);
    IdSet held = new IdSet();
    long lost = 3L * PAGE + 4_711;
    for (long id = 0; id < 5 * PAGE; id++) {
      if (id != lost) {
        held.add(id);
      }
    }
    IdSet difference = promised.minus(held);
    assertThat(difference.size()).isEqualTo(1);
    assertThat(difference.contains(lost)).isTrue();
    assertThat(held.minus(promised).size()).isZero();
  }

  @Test
  void aDifferenceToAShorterSetIsTheRest() {
    assertThat(range(0, 3 * PAGE).minus(new IdSet()).size()).isEqualTo(3 * PAGE);
    assertThat(new IdSet().minus(range(0, 3 * PAGE)).size()).isZero();
  }

  @Test
  void aCopyDoesNotSeeLaterIds() {
    IdSet ids = range(0, 10);
    IdSet copy = ids.copy();
    ids.add(10);
    copy.add(11);
    assertThat(copy.contains(10)).isFalse();
    assertThat(ids.contains(11)).isFalse();
    assertThat(copy.size()).isEqualTo(11);
  }

  @Test
  void whatIsEncodedIsReadBackAndCanBeAddedTo() {
    IdSet ids = range(0, 2 * PAGE);
    ids.addAll(range(3 * PAGE + 5, 3 * PAGE + 9));
    Buffer encoded = Buffer.buffer("head").appendBuffer(ids.encode());

    IdSet decoded = IdSet.decode(encoded, 4);

    assertThat(decoded.size()).isEqualTo(ids.size());
    assertThat(decoded.minus(ids).size()).isZero();
    assertThat(ids.minus(decoded).size()).isZero();
    assertThat(decoded.add(3 * PAGE + 9)).isTrue();
    assertThat(decoded.add(1)).isFalse();
    assertThat(encoded.length()).as("full pages cost a byte").isLessThan(9_000);
  }

  @Test
  void bytesThatAreNoSetAreRefused() {
    Buffer encoded = range(0, 3).encode();
    assertThatThrownBy(() -> IdSet.decode(encoded.copy().setInt(0, 1 << 30), 0))
        .hasMessage("there cannot be 1073741824 pages");
    assertThatThrownBy(() -> IdSet.decode(encoded.copy().setByte(4, (byte) 9), 0))
        .hasMessage("there is no page of the kind 9");
  }

  @Test
  void itAgreesWithAnOrdinarySetOnRandomIds() {
    Random random = new Random(42);
    IdSet one = new IdSet();
    IdSet other = new IdSet();
    Set<Long> plainOne = new HashSet<>();
    Set<Long> plainOther = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      long id = random.nextInt(4 * PAGE);
      assertThat(one.add(id)).isEqualTo(plainOne.add(id));
      id = random.nextInt(4 * PAGE);
      assertThat(other.add(id)).isEqualTo(plainOther.add(id));
    }
    Set<Long> difference = new HashSet<>(plainOne);
    difference.removeAll(plainOther);
    assertThat(one.minus(other).size()).isEqualTo(difference.size());
    assertThat(difference).allMatch(one.minus(other)::contains);

    plainOne.addAll(plainOther);
    one.addAll(other);
    assertThat(one.size()).isEqualTo(plainOne.size());
    assertThat(plainOne).allMatch(one::contains);
  }

  private static IdSet range(long from, long to) {
    IdSet ids = new IdSet();
    for (long id = from; id < to; id++) {
      ids.add(id);
    }
    return ids;
  }
}
