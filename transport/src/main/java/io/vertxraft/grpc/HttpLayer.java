package io.vertxraft.grpc;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import java.util.concurrent.TimeUnit;

/** Turns the transport's options into those of the HTTP and gRPC layers below. */
final class HttpLayer {
  /** A stream per connection is used; the rest is room for streams that are being replaced. */
  private static final int STREAMS_PER_CONNECTION_MAX = 16;

  /** Pings keep a live connection well within this multiple of the peers' idle timeout. */
  private static final int SERVER_IDLE_TIMEOUTS = 3;

  private static final int UNUSED_KEEP_ALIVE_SECONDS = 60;

  private final Vertx vertx;
  private final GrpcTransportOptions options;

  HttpLayer(Vertx vertx, GrpcTransportOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /**
   * A client for the stream of one kind to one peer: one connection, opened as often as needed. It
   * loads keys and certificates once. The caller closes it.
   */
  GrpcClient createClient() {
    HttpClientOptions http =
        new HttpClientOptions()
            .setHttp2MultiplexingLimit(1)
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setConnectTimeout(options.getConnectTimeoutMs())
            .setHttp2KeepAliveTimeout(0)
            // For HTTP/1, which is not spoken here; but without any such timeout Vert.x 5.0.7 gives
            // the client no timer of its own, and closing it then cancels timer 0, whoever owns it.
            .setKeepAliveTimeout(UNUSED_KEEP_ALIVE_SECONDS)
            .setHttp2ConnectionWindowSize(options.getConnectionWindowBytes())
            .setInitialSettings(settings())
            .setTcpNoDelay(true);
    if (options.isTls()) {
      // The certificate is checked against the node id, not against the host name it runs on.
      http.setSsl(true)
          .setUseAlpn(true)
          .setVerifyHost(false)
          .setSslHandshakeTimeout(options.getConnectTimeoutMs())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
          .setKeyCertOptions(options.getKeyCertOptions())
          .setTrustOptions(options.getTrustOptions());
    }
    return GrpcClient.client(
        vertx, new GrpcClientOptions().setMaxMessageSize(options.getMessageBytesMax()), http);
  }

  HttpServerOptions serverOptions() {
    HttpServerOptions http =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(!options.isTls())
            .setHttp2ConnectionWindowSize(options.getConnectionWindowBytes())
            .setInitialSettings(settings().setMaxConcurrentStreams(STREAMS_PER_CONNECTION_MAX))
            // Whoever connects and says nothing, and whoever died silently, is not kept for ever.
            .setReadIdleTimeout((int) (options.getPeerIdleTimeoutMs() * SERVER_IDLE_TIMEOUTS))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setTcpNoDelay(true);
    if (options.isTls()) {
      http.setSsl(true)
          .setUseAlpn(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(options.getKeyCertOptions())
          .setTrustOptions(options.getTrustOptions());
    }
    return http;
  }

  GrpcServer grpcServer() {
    GrpcServerOptions grpc =
        new GrpcServerOptions().setMaxMessageSize(options.getMessageBytesMax());
    for (GrpcProtocol protocol : GrpcProtocol.values()) {
      if (protocol != GrpcProtocol.HTTP_2) {
        grpc.removeEnabledProtocol(protocol);
      }
    }
    return GrpcServer.server(vertx, grpc);
  }

  // The frame size stays at HTTP/2's 16 KiB: larger ones make many small messages expensive.
  private Http2Settings settings() {
    return new Http2Settings().setInitialWindowSize(options.getStreamWindowBytes());
  }
}
