package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A caller that says whatever a test wants: a stranger, or a peer with a defect. */
final class RawCaller {
  final GrpcClientRequest<Buffer, Buffer> request;
  final GrpcClientResponse<Buffer, Buffer> response;
  final BlockingQueue<Buffer> answers = new LinkedBlockingQueue<>();

  // Vert.x closes a client, and with it this call, once nobody refers to it.
  private final GrpcClient client;

  private RawCaller(
      GrpcClient client,
      GrpcClientRequest<Buffer, Buffer> request,
      GrpcClientResponse<Buffer, Buffer> response) {
    this.client = client;
    this.request = request;
    this.response = response;
    response.handler(answers::add);
  }

  /** Opens a stream with the given metadata and waits for the answer's head. */
  static RawCaller open(Vertx vertx, int port, StreamKind kind, Map<String, String> metadata) {
    GrpcClient client =
        GrpcClient.client(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    GrpcClientRequest<Buffer, Buffer> request =
        get(
            client.request(
                SocketAddress.inetSocketAddress(port, TestNode.HOST), PeerMethod.client(kind)));
    metadata.forEach(request.headers()::set);
    request.write(Buffer.buffer());
    return new RawCaller(client, request, get(request.response()));
  }

  /** The metadata a well-behaved peer sends. */
  static Map<String, String> metadata(String cluster, String from, String to) {
    return Map.of(
        Handshake.CLUSTER, cluster,
        Handshake.FROM, from,
        Handshake.TO, to,
        Handshake.VERSION_KEY, Handshake.VERSION);
  }

  void write(Envelope envelope) {
    get(
        request.write(
            Buffer.buffer(Frame.newBuilder().addEnvelopes(envelope).build().toByteArray())));
  }

  void writeBytes(byte... bytes) {
    get(request.write(Buffer.buffer(bytes)));
  }

  /** Hangs up; a call that must last until here is closed by its test. */
  void close() {
    get(client.close());
  }
}
