package io.vertxraft.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class GrpcTransportOptionsTest {
  @Test
  void theDefaultsAreValidAndSurviveJson() {
    GrpcTransportOptions defaults = new GrpcTransportOptions().validate();
    assertThat(new GrpcTransportOptions(new JsonObject()).toJson()).isEqualTo(defaults.toJson());
  }

  @Test
  void everyPropertySurvivesACopy() {
    GrpcTransportOptions options =
        new GrpcTransportOptions()
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
            .setStreamWindowBytes(100_011)
            .setConnectionWindowBytes(100_012)
            .setServeClients(true)
            .setClientLimits(
                new ClientLimits()
                    .setStreamsMax(16)
                    .setCallsInFlightMax(17)
                    .setBytesInFlightMax(18))
            .validate();
    assertThat(new GrpcTransportOptions(options)).usingRecursiveComparison().isEqualTo(options);
    assertThat(options)
        .usingRecursiveComparison()
        .as("no property kept its default")
        .ignoringFields("none")
        .isNotEqualTo(new GrpcTransportOptions());
    JsonObject defaults = new GrpcTransportOptions().toJson();
    assertThat(options.toJson())
        .allSatisfy(
            property ->
                assertThat(defaults.getValue(property.getKey())).isNotEqualTo(property.getValue()));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> new GrpcTransportOptions().setMessageBytesMax(10).validate())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("messageBytesMax 10 is not within 65536..");
    assertThatThrownBy(() -> new GrpcTransportOptions().setReconnectDelayMaxMs(49).validate())
        .hasMessageContaining("reconnectDelayMaxMs 49");
    assertThatThrownBy(() -> new GrpcTransportOptions().setBindHost(" ").validate())
        .hasMessageContaining("bindHost");
    assertThatThrownBy(() -> new GrpcTransportOptions().setBulkQueueBytesMax(1).validate())
        .hasMessageContaining("bulkQueueBytesMax 1");
    assertThatThrownBy(() -> new GrpcTransportOptions().setSnapshotQueueBytesMax(1).validate())
        .hasMessageContaining("snapshotQueueBytesMax 1 is not within 8388608..");
    assertThatThrownBy(() -> new GrpcTransportOptions().setSnapshotBytesPerSecondMax(9).validate())
        .hasMessageContaining("snapshotBytesPerSecondMax (0 for no limit) 9 is not within 16384..");
    ClientLimits noClients = new ClientLimits().setStreamsMax(0);
    assertThatThrownBy(() -> new GrpcTransportOptions().setClientLimits(noClients).validate())
        .hasMessageContaining("clientLimits.streamsMax 0 is not within 1..");
    assertThatThrownBy(() -> new GrpcTransportOptions().setSnapshotIdleTimeoutMs(0).validate())
        .hasMessageContaining("snapshotIdleTimeoutMs 0");
  }
}
