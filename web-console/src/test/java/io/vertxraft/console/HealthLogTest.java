package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R-45: health in the log")
class HealthLogTest {
  private long timeMs = 1_700_000_000_000L;
  private long stepMs = HealthLog.LASTS_MS;
  private final List<String> lines = new ArrayList<>();
  private final HealthLog log = new HealthLog((level, line) -> lines.add(level + " " + line));

  @Test
  void worseIsAWarningAndRecoveryIsNewsAndEachIsToldOnce() {
    see(well(), well(), well());
    assertThat(lines).isEmpty();
    see(leaderless(), leaderless(), leaderless());
    assertThat(lines)
        .containsExactly(
            "WARNING group 'orders' as seen from node 'n1', term 8: No leader: no member campaigns"
                + " yet; election timers are running");
    lines.clear();
    see(failing(), failing());
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("INFO group 'orders' as seen from node 'n1', term 7: Degraded: n3 has failed");
    lines.clear();
    see(well(), well());
    assertThat(lines)
        .containsExactly(
            "INFO group 'orders' as seen from node 'n1', term 7: Healthy: n2 leads term 7 since"
                + " 4 min; survives 1 more failure");
  }

  @Test
  void whatDoesNotLastIsNotTold() {
    stepMs = 400;
    see(well(), leaderless(), leaderless(), leaderless(), well(), leaderless(), failing(), well());
    assertThat(lines).isEmpty();
    see(leaderless(), leaderless(), leaderless(), leaderless());
    assertThat(lines).hasSize(1);
  }

  private void see(Views... views) {
    for (Views each : views) {
      timeMs += stepMs;
      ClusterView view = each.at(timeMs).view();
      log.see(new Picture(view, Explain.of(view)));
    }
  }

  private static Views well() {
    return Views.of(
        Reports.follower("n1", "n2", 7), Reports.leader("n2", 7), Reports.follower("n3", "n2", 7));
  }

  private static Views failing() {
    return Views.of(
        Reports.follower("n1", "n2", 7),
        Reports.leader("n2", 7),
        Reports.follower("n3", "n2", 7).setState(NodeState.FAILED).setFailure("no\nroom"));
  }

  private static Views leaderless() {
    return Views.of(
        Reports.lost("n1", RaftRole.FOLLOWER, 8),
        Reports.lost("n2", RaftRole.FOLLOWER, 8),
        Reports.lost("n3", RaftRole.FOLLOWER, 8));
  }
}
