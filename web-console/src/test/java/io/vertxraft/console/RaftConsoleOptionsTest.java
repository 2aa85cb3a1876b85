package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RaftConsoleOptionsTest {

  @Test
  void optionsSurviveTheWayThroughJsonAndACopy() {
    RaftConsoleOptions options =
        new RaftConsoleOptions()
            .setSampleIntervalMs(250)
            .setLeaseMs(1_000)
            .setSilentAfterMs(2_000)
            .setLagEntriesMax(10)
            .setClientsMax(3)
            .setClientQueueBytesMax(2_048)
            .setEventsMax(7)
            .setFramesMax(8)
            .setHeartbeatIntervalMs(900)
            .setAllowedHosts(List.of("a.example"))
            .setHistoryMs(60_000)
            .setHistoryBytesMax(100_000)
            .setRecordAlways(true)
            .setLogHealth(false)
            .setGroupsOpenMax(4)
            .setMemberConsoles(Map.of("n2", "../n2/"));
    JsonObject json = options.toJson();
    assertThat(json.size()).isEqualTo(16);
    assertThat(new RaftConsoleOptions(json).toJson()).isEqualTo(json);
    assertThat(new RaftConsoleOptions(options).toJson()).isEqualTo(json);
    assertThat(new RaftConsoleOptions(new JsonObject()).toJson())
        .isEqualTo(new RaftConsoleOptions().toJson());
  }

  @Test
  void aValueOutOfRangeIsRefusedByName() {
    assertThatThrownBy(() -> new RaftConsoleOptions(new JsonObject().put("clientsMax", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("console option clientsMax is 0, it must be at least 1");
    assertThatThrownBy(() -> new RaftConsoleOptions().setSampleIntervalMs(9))
        .hasMessage("console option sampleIntervalMs is 9, it must be at least 10");
  }
}
