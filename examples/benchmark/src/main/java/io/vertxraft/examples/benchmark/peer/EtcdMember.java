package io.vertxraft.examples.benchmark.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A member of etcd: a program beside this process, reached over gRPC. The few messages are put
 * together by the numbers of their fields (rpc.proto of etcd's API, version 3).
 */
public final class EtcdMember implements RaftMember {
  private static final ServiceMethod<Buffer, Buffer> PUT = method("etcdserverpb.KV", "Put");
  private static final ServiceMethod<Buffer, Buffer> RANGE = method("etcdserverpb.KV", "Range");
  private static final ServiceMethod<Buffer, Buffer> STATUS =
      method("etcdserverpb.Maintenance", "Status");
  private static final ByteString KEY = ByteString.copyFromUtf8("bench");
  private static final int PUT_KEY = 1;
  private static final int PUT_VALUE = 2;
  private static final int STATUS_HEADER = 1;
  private static final int STATUS_LEADER = 4;
  private static final int STATUS_APPLIED = 7;
  private static final int HEADER_MEMBER = 2;
  private static final long QUOTA_BYTES = 8L << 30;
  private static final int HEARTBEAT_MS = 100;
  private static final long STATUS_SECONDS = 30;
  private static final long RUN_SECONDS = 60;
  private static final long LOOK_MILLIS = 20;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final Context load = vertx.getOrCreateContext();
  private final GrpcClient client = GrpcClient.client(vertx);
  // A connection of its own, so that what is asked in between does not queue behind a load.
  private final GrpcClient control = GrpcClient.client(vertx);
  private final SocketAddress address;
  private final Process process;
  private volatile Put latest;

  /** Starts it. */
  public EtcdMember(MemberSetup setup) throws IOException {
    if (!setup.synced()) {
      throw new UnsupportedOperationException("this version of etcd has no switch for syncing");
    }
    int port = freePort();
    address = SocketAddress.inetSocketAddress(port, MemberSetup.HOST);
    process =
        new ProcessBuilder(command(setup, port))
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(setup.directory().resolve("etcd.txt").toFile()))
            .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<String> command(MemberSetup setup, int port) {
    List<String> peers = setup.ports().stream().map(EtcdMember::url).toList();
    String name = "n" + (setup.self() + 1);
    return List.of(
        "etcd",
        "--name=" + name,
        "--data-dir=" + setup.directory().resolve("data"),
        "--listen-client-urls=" + url(port),
        "--advertise-client-urls=" + url(port),
        "--listen-peer-urls=" + peers.get(setup.self()),
        "--initial-advertise-peer-urls=" + peers.get(setup.self()),
        "--initial-cluster="
            + String.join(
                ",",
                IntStream.range(0, peers.size())
                    .mapToObj(place -> "n" + (place + 1) + "=" + peers.get(place))
                    .toList()),
        "--heartbeat-interval=" + HEARTBEAT_MS,
        "--election-timeout=" + MemberSetup.ELECTION_TIMEOUT_MS,
        "--quota-backend-bytes=" + QUOTA_BYTES);
  }

  private static String url(int port) {
    return "http://" + MemberSetup.HOST + ":" + port;
  }

  private static ServiceMethod<Buffer, Buffer> method(String service, String name) {
    return ServiceMethod.client(
        ServiceName.create(service),
        name,
        GrpcMessageEncoder.IDENTITY,
        GrpcMessageDecoder.IDENTITY);
  }

  private Future<Buffer> call(GrpcClient by, ServiceMethod<Buffer, Buffer> method, Buffer request) {
    return by.request(address, method)
        .compose(sending -> sending.send(request))
        .compose(
            answer ->
                answer
                    .last()
                    .compose(
                        message ->
                            message != null
                                ? Future.succeededFuture(message)
                                : Future.failedFuture(
                                    answer.status() + " " + answer.statusMessage())));
  }

  private static Field bytes(ByteString value) {
    return Field.newBuilder().addLengthDelimited(value).build();
  }

  private static Buffer message(UnknownFieldSet.Builder fields) {
    return Buffer.buffer(fields.build().toByteArray());
  }

  /** A command with its request, which is made once for a load. */
  private record Put(byte[] command, Buffer request) {
    static Put of(byte[] command) {
      return new Put(
          command,
          message(
              UnknownFieldSet.newBuilder()
                  .addField(PUT_KEY, bytes(KEY))
                  .addField(PUT_VALUE, bytes(ByteString.copyFrom(command)))));
    }
  }

  /** What a member says of itself. */
  private record Status(boolean leads, long applied) {
    static Status of(Buffer answer) {
      try {
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(answer.getBytes());
        ByteString header = fields.getField(STATUS_HEADER).getLengthDelimitedList().get(0);
        long self = number(UnknownFieldSet.parseFrom(header).getField(HEADER_MEMBER), 0);
        long leader = number(fields.getField(STATUS_LEADER), 0);
        return new Status(
            leader == self && leader != 0, number(fields.getField(STATUS_APPLIED), 0));
      } catch (InvalidProtocolBufferException broken) {
        throw new IllegalStateException("etcd's status cannot be read", broken);
      }
    }

    /** Fields of the value 0 are left out. */
    private static long number(Field field, long otherwise) {
      return field.getFixed64List().isEmpty()
          ? field.getVarintList().stream().findFirst().orElse(otherwise)
          : field.getFixed64List().get(0);
    }
  }

  private Status status() {
    return call(control, STATUS, Buffer.buffer())
        .map(Status::of)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(STATUS_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void awaitRunning() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RUN_SECONDS);
    while (true) {
      try {
        status();
        return;
      } catch (CompletionException notYet) {
        if (System.nanoTime() - end > 0 || !process.isAlive()) {
          throw new IllegalStateException(
              "etcd does not answer; what it printed is in etcd.txt beside its data", notYet);
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    }
  }

  @Override
  public boolean isLeader() {
    try {
      return status().leads();
    } catch (CompletionException notNow) {
      return false;
    }
  }

  @Override
  public void apply(byte[] command, Completion completion) {
    Put put = latest;
    if (put == null || put.command() != command) {
      put = Put.of(command);
      latest = put;
    }
    call(client, PUT, put.request()).onComplete(done -> completion.done(done.cause()));
  }

  @Override
  public void read(ReadKind kind, Completion completion) {
    call(client, RANGE, message(UnknownFieldSet.newBuilder().addField(PUT_KEY, bytes(KEY))))
        .onComplete(done -> completion.done(done.cause()));
  }

  @Override
  public Executor loadExecutor() {
    return task -> load.runOnContext(ignored -> task.run());
  }

  @Override
  public long applied() {
    return status().applied();
  }

  @Override
  public long cpuNanosBeside() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
