package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertxraft.peer.MessageCodec;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.spi.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller that breaks the rules of gRPC can make a node write into its log. */
class StrangerNoiseTest {
  private static final int CALLS = 20;

  private final PeerAddress n1 = address("n1");
  private final PeerAddress n2 = address("n2");
  private final Logger root = Logger.getLogger("");
  private final List<LogRecord> told = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          synchronized (told) {
            told.add(entry);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Vertx vertx;
  private TestNode node;
  private HttpClient client;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    node = TestNode.join(vertx, GrpcTransport.create(vertx), "c", "g", "n1", n1, n2);
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    root.addHandler(handler);
  }

  @AfterEach
  void stop() {
    root.removeHandler(handler);
    get(vertx.close());
  }

  @Test
  void framesWithBadFlagsAreOneLine() {
    Map<String, String> nobody = Map.of();
    for (int i = 0; i < CALLS; i++) {
      call(nobody, Buffer.buffer(new byte[] {1, 0, 0, 0, 1, 42}));
      call(nobody, Buffer.buffer(new byte[] {-1, 0, 0, 0, 0}));
      call(Map.of("grpc-encoding", "gzip"), Buffer.buffer(new byte[] {1, 0, 0, 0, 1, 42}));
      call(Map.of("grpc-encoding", "?"), Buffer.buffer(new byte[] {1, 0, 0, 0, 1, 42}));
    }
    assertQuiet();
  }

  @Test
  void framesWithBadFlagsOfACallerThatNamesItselfProperlyAreAFewLines() {
    for (int i = 0; i < CALLS; i++) {
      call(RawCaller.metadata("c", "n2", "n1"), Buffer.buffer(new byte[] {1, 0, 0, 0, 3, 1, 2, 3}));
    }
    assertQuiet();
  }

  @Test
  void bodiesAfterTheRefusalAreOneLine() {
    for (int i = 0; i < CALLS; i++) {
      HttpClientRequest request = open(RawCaller.metadata("other", "n2", "n1"));
      request.sendHead();
      get(request.response().onSuccess(HttpClientResponse::resume));
      for (int part = 0; part < 3; part++) {
        request.write(Buffer.buffer(new byte[] {0, 0, 0, 0, 1, 42}));
      }
      request.write(Buffer.buffer(new byte[] {0, 127, 0, 0, 0, 42}));
      request.write(Buffer.buffer(new byte[] {1, 0, 0, 0, 1, 42}));
      request.end();
    }
    assertQuiet();
  }

  private void call(Map<String, String> metadata, Buffer body) {
    HttpClientRequest request = open(metadata);
    request.write(body);
    request.end();
    // Whatever the answer is: an error, a reset or the end of the connection.
    get(request.response().otherwiseEmpty());
  }

  private int opened;

  /** The streams take turns. */
  private StreamKind kind() {
    StreamKind[] kinds = StreamKind.values();
    return kinds[opened++ % kinds.length];
  }

  private HttpClientRequest open(Map<String, String> metadata) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(HOST)
            .setPort(n1.port())
            .setURI("/" + PeerMethod.client(kind()).fullMethodName());
    HttpClientRequest request = get(client.request(options));
    request.putHeader("content-type", "application/grpc").setChunked(true);
    metadata.forEach(request::putHeader);
    return request;
  }

  /** The node still serves, which also says that it has dealt with what came before. */
  private void assertQuiet() {
    RawCaller peer =
        RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, RawCaller.metadata("c", "n2", "n1"));
    peer.write(MessageCodec.encode("g", new Heartbeat(5, 5, 1, 5, 0)));
    assertThat(node.next().message()).isEqualTo(new Heartbeat(5, 5, 1, 5, 0));
    synchronized (told) {
      assertThat(told)
          .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
          // That is about the machine, which may be slow.
          .filteredOn(entry -> !entry.getLoggerName().endsWith("BlockedThreadChecker"))
          .as("stack traces")
          .noneMatch(entry -> entry.getThrown() != null)
          .hasSizeBetween(1, 3);
    }
  }
}
