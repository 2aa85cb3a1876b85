package io.vertxraft.grpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertxraft.peer.FrameReader;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.peer.StreamKind;

/** The methods of the peer service, one for each kind of stream, and the frames on them. */
final class PeerMethod {
  private static final ServiceName NAME = ServiceName.create("vertxraft.v1", "Peer");

  private PeerMethod() {}

  // Frames are parsed and written by this project, so that a bad one does not cost the stream.

  static ServiceMethod<Buffer, Buffer> client(StreamKind kind) {
    return ServiceMethod.client(
        NAME, method(kind), GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);
  }

  static ServiceMethod<Buffer, Buffer> server(StreamKind kind) {
    return ServiceMethod.server(
        NAME, method(kind), GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);
  }

  private static String method(StreamKind kind) {
    return switch (kind) {
      case CONTROL -> "Control";
      case BULK -> "Bulk";
      case SNAPSHOT -> "Snapshot";
    };
  }

  /** Passes a frame on. */
  static void read(GrpcMessage frame, FrameReader reader) {
    if (frame.encoding().equals("identity")) {
      reader.readFrame(frame.payload().getBytes());
    } else {
      // Nobody here compresses, and what expands on arrival cannot be bounded beforehand.
      reader.malformed(new ProtocolException("frame is compressed with " + frame.encoding()));
    }
  }
}
