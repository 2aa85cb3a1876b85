package io.vertxraft.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class SocketTransportOptionsTest {
  @Test
  void theDefaultsAreValidAndSurviveJson() {
    SocketTransportOptions defaults = new SocketTransportOptions().validate();
    assertThat(new SocketTransportOptions(new JsonObject()).toJson()).isEqualTo(defaults.toJson());
  }

  @Test
  void everyPropertySurvivesACopy() {
    SocketTransportOptions options =
        new SocketTransportOptions()
            .setBindHost("0.0.0.0")
            .setBindPort(1)
            .setConnectTimeoutMs(2)
            .setReconnectDelayMinMs(3)
            .setReconnectDelayMaxMs(4)
            .setPeerIdleTimeoutMs(105)
            .setMessageBytesMax(100_006)
            .setBulkQueueBytesMax(100_007)
            .setControlQueueBytesMax(100_008)
            .setSnapshotQueueBytesMax(100_000_013)
            .setSnapshotBytesPerSecondMax(100_014)
            .setSnapshotIdleTimeoutMs(15)
            .setQueueMessagesMax(9)
            .setInboundBytesMax(100_010)
            .setOwnEventLoops(true)
            .validate();
    assertThat(new SocketTransportOptions(options)).usingRecursiveComparison().isEqualTo(options);
    JsonObject defaults = new SocketTransportOptions().toJson();
    assertThat(options.toJson())
        .allSatisfy(
            property ->
                assertThat(defaults.getValue(property.getKey())).isNotEqualTo(property.getValue()));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> new SocketTransportOptions().setMessageBytesMax(10).validate())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("messageBytesMax 10 is not within 65536..");
  }
}
