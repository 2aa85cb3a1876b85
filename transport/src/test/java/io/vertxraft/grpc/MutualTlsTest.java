package io.vertxraft.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.peer.Certificates;
import io.vertxraft.peer.MutualTlsContract;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Certificates on both sides, each bound to its node's id. */
class MutualTlsTest extends MutualTlsContract {

  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Grpc.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return GrpcTransport.class;
  }

  @Test
  void keysAndTrustBelongTogetherAndPasswordsStayOutOfText() {
    GrpcTransportOptions options = new GrpcTransportOptions();
    tls("dns").accept(options);
    assertThat(options.validate().toString())
        .contains("\"tls\":true")
        .doesNotContain(Certificates.PASSWORD);
    assertThat(new GrpcTransportOptions(options.toJson()).toJson()).isEqualTo(options.toJson());
    assertThat(new GrpcTransportOptions(options).isTls()).isTrue();
    assertThatThrownBy(() -> new GrpcTransportOptions(options).setTrustOptions(null).validate())
        .hasMessageContaining("trustOptions is missing");
  }
}
