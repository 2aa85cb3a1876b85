package io.vertxraft.grpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;

/** The stream between a client that is no member and a member. */
final class ClientMethod {
  private static final ServiceName SERVICE = ServiceName.create("vertxraft.v1", "Client");
  private static final String CALL = "Call";

  // Messages are parsed and written by this package, so that a bad one does not cost the stream.

  /** As the client opens it. */
  static final ServiceMethod<Buffer, Buffer> CLIENT =
      ServiceMethod.client(SERVICE, CALL, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);

  /** As the member takes it. */
  static final ServiceMethod<Buffer, Buffer> SERVER =
      ServiceMethod.server(SERVICE, CALL, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);

  private ClientMethod() {}
}
