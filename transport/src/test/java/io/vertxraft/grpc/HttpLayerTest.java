package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClient;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the HTTP layer does to the Vert.x instance it shares with the application. */
class HttpLayerTest {
  @Test
  void aClosedClientLeavesTheTimersOfOthersAlone() {
    Vertx vertx = Vertx.vertx();
    try {
      long first = vertx.setTimer(TimeUnit.HOURS.toMillis(1), id -> {});
      GrpcClient client = new HttpLayer(vertx, new GrpcTransportOptions()).createClient();
      get(client.close());
      assertThat(vertx.cancelTimer(first)).as("the first timer still runs").isTrue();
    } finally {
      get(vertx.close());
    }
  }
}
