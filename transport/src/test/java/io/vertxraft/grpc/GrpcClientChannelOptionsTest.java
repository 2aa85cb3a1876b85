package io.vertxraft.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertxraft.Member;
import io.vertxraft.peer.TestNode;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GrpcClientChannelOptionsTest {
  private static GrpcClientChannelOptions least() {
    return new GrpcClientChannelOptions()
        .setClusterId("c")
        .setGroupId("g")
        .addMember(new Member("n1", "localhost", 1));
  }

  @Test
  void clusterGroupAndAMemberSufficeAndSurviveJson() {
    GrpcClientChannelOptions options = least().validate();
    assertThat(new GrpcClientChannelOptions(options.toJson()))
        .usingRecursiveComparison()
        .isEqualTo(options);
    JsonObject json =
        new JsonObject(
            """
            {"clusterId": "c", "groupId": "g",
             "members": [{"nodeId": "n1", "host": "localhost", "port": 1}]}
            """);
    assertThat(new GrpcClientChannelOptions(json).validate())
        .usingRecursiveComparison()
        .isEqualTo(options);
  }

  @Test
  void everyPropertySurvivesACopy() {
    GrpcClientChannelOptions options =
        new GrpcClientChannelOptions()
            .setClusterId("c")
            .setGroupId("g")
            .setMembers(List.of(new Member("n1", "a", 1), new Member("n2", "b", 2)))
            .setConnectTimeoutMs(2)
            .setReconnectDelayMinMs(3)
            .setReconnectDelayMaxMs(4)
            .setPeerIdleTimeoutMs(105)
            .setMessageBytesMax(100_006)
            .setCallsInFlightMax(7)
            .setBytesInFlightMax(100_008)
            .validate();
    assertThat(new GrpcClientChannelOptions(options)).usingRecursiveComparison().isEqualTo(options);
    JsonObject defaults = new GrpcClientChannelOptions().toJson();
    assertThat(options.toJson())
        .allSatisfy(
            property ->
                assertThat(defaults.getValue(property.getKey())).isNotEqualTo(property.getValue()));
  }

  @Test
  void keysSurviveACopyAndPasswordsStayOutOfText() {
    GrpcClientChannelOptions options =
        least()
            .setKeyCertOptions(new PfxOptions().setPath("app.p12").setPassword("changeit"))
            .setTrustOptions(new PemTrustOptions().addCertPath("members.pem"))
            .validate();
    assertThat(new GrpcClientChannelOptions(options).toJson()).isEqualTo(options.toJson());
    assertThat(new GrpcClientChannelOptions(options.toJson()).isTls()).isTrue();
    assertThat(options.toString()).contains("\"tls\":true").doesNotContain("changeit");
  }

  @Test
  void whatIsMissingOrDoesNotFitIsNamed() {
    refused(options -> options.setClusterId(null), "clusterId");
    refused(options -> options.setGroupId(" "), "groupId");
    refused(options -> options.setMembers(List.of()), "members is empty");
    refused(options -> options.addMember(new Member("n1", "b", 2)), "member 'n1' is listed twice");
    refused(options -> options.setConnectTimeoutMs(0), "connectTimeoutMs 0 is not within 1..");
    refused(options -> options.setReconnectDelayMinMs(0), "reconnectDelayMinMs 0");
    refused(options -> options.setReconnectDelayMaxMs(49), "reconnectDelayMaxMs 49");
    refused(options -> options.setPeerIdleTimeoutMs(99), "peerIdleTimeoutMs 99");
    refused(options -> options.setMessageBytesMax(10), "messageBytesMax 10 is not within 65536..");
    refused(options -> options.setCallsInFlightMax(0), "callsInFlightMax 0");
    refused(options -> options.setBytesInFlightMax(1), "bytesInFlightMax 1 is not within 8388608");
    refused(
        options -> options.setKeyCertOptions(new PemKeyCertOptions()), "trustOptions is missing");
  }

  private static void refused(Consumer<GrpcClientChannelOptions> change, String why) {
    GrpcClientChannelOptions options = least();
    change.accept(options);
    Vertx vertx = Vertx.vertx();
    try {
      assertThatThrownBy(() -> GrpcClientChannel.create(vertx, options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(why);
    } finally {
      TestNode.get(vertx.close());
    }
  }
}
