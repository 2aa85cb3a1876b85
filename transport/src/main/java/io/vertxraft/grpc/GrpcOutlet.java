package io.vertxraft.grpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.peer.MessageCodec;
import io.vertxraft.peer.Outgoing;
import io.vertxraft.peer.Outlet;
import java.util.List;

/** A direction of a gRPC stream, to which frames are written. */
final class GrpcOutlet implements Outlet {
  /**
   * Frames are filled up to here, or hold one message that is larger. About one HTTP/2 frame: what
   * spans several is put together by copying at the receiver.
   */
  private static final int FRAME_BYTES = 16_000;

  private final WriteStream<Buffer> stream;

  GrpcOutlet(WriteStream<Buffer> stream) {
    this.stream = stream;
  }

  @Override
  public int batchBytes() {
    return FRAME_BYTES;
  }

  @Override
  public boolean isFull() {
    return stream.writeQueueFull();
  }

  @Override
  public void whenDrained(Runnable task) {
    stream.drainHandler(v -> task.run());
  }

  @Override
  public void write(List<Outgoing> batch) {
    Frame.Builder frame = Frame.newBuilder();
    for (Outgoing item : batch) {
      frame.addEnvelopes(MessageCodec.encode(item.groupId(), item.message()));
    }
    stream.write(Buffer.buffer(frame.build().toByteArray()));
  }
}
