package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import org.junit.jupiter.api.Test;

class EventRingTest {

  @Test
  void aLongCauseIsCutSoThatTheRingIsBoundedInBytes() {
    EventRing ring = new EventRing(10);
    RaftEvent event = new RaftEvent().setCause("x".repeat(100_000));
    ring.add(event);
    assertThat(ring.since(0).getJsonObject(0).getString("cause"))
        .hasSize(EventRing.CAUSE_CHARS_MAX + 1)
        .endsWith("…");
    assertThat(event.getCause()).hasSize(100_000);
  }

  @Test
  void itTellsWhenTheNodeLostItsLeaderUntilItFindsOne() {
    EventRing ring = new EventRing(10);
    assertThat(ring.leaderLostTimeMs()).isZero();
    ring.add(leaderChanged(null, 1_000));
    ring.add(new RaftEvent().setType(RaftEventType.ROLE_CHANGED).setTimeMs(2_000));
    assertThat(ring.leaderLostTimeMs()).isEqualTo(1_000);
    ring.add(leaderChanged("n2", 3_000));
    assertThat(ring.leaderLostTimeMs()).isZero();
  }

  private static RaftEvent leaderChanged(String leaderId, long timeMs) {
    return new RaftEvent()
        .setType(RaftEventType.LEADER_CHANGED)
        .setLeaderId(leaderId)
        .setTimeMs(timeMs);
  }
}
