package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final long MS = 1_000_000;
  private final Outage outage = new Outage();
  private final List<Long> ended = new ArrayList<>();

  @Test
  void anOutageEndsWithTheFirstAcknowledgementOfAWriteThatWasSentInIt() {
    outage.endHandler(ended::add);
    outage.begin(100 * MS);
    Future<Void> over = outage.over();
    outage.acknowledged(99 * MS, 150 * MS);
    assertThat(over.isComplete()).isFalse();
    outage.acknowledged(120 * MS, 1_350 * MS);
    assertThat(over.succeeded()).isTrue();
    outage.acknowledged(130 * MS, 1_360 * MS);
    assertThat(ended).containsExactly(1_250L);
    assertThat(outage.durationsMs()).containsExactly(1_250L);
  }

  @Test
  void withoutAnOutageThereIsNothingToMeasure() {
    outage.endHandler(ended::add);
    outage.acknowledged(1, 2);
    assertThat(ended).isEmpty();
    assertThat(outage.over().succeeded()).isTrue();
  }

  @Test
  void timeWithoutAMajorityIsNotCounted() {
    outage.endHandler(ended::add);
    outage.majority(false, 90 * MS);
    outage.begin(100 * MS);
    outage.acknowledged(110 * MS, 200 * MS);
    assertThat(ended).as("an answer to a write of before").isEmpty();
    outage.majority(true, 9_000 * MS);
    outage.acknowledged(9_100 * MS, 9_700 * MS);
    assertThat(ended).containsExactly(700L);
    assertThat(outage.isDelayed()).isTrue();

    outage.majority(true, 9_800 * MS);
    outage.begin(10_000 * MS);
    outage.acknowledged(10_100 * MS, 10_200 * MS);
    assertThat(ended).containsExactly(700L, 200L);
    assertThat(outage.isDelayed()).isFalse();
  }

  @Test
  void whenTheNextLeaderGoesTooTheMeasureStartsAgain() {
    outage.endHandler(ended::add);
    outage.begin(100 * MS);
    outage.begin(500 * MS);
    outage.acknowledged(400 * MS, 600 * MS);
    assertThat(ended).isEmpty();
    outage.acknowledged(510 * MS, 700 * MS);
    assertThat(ended).containsExactly(200L);
  }
}
