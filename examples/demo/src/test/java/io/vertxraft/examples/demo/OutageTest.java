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
