package io.vertxraft.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertxraft.peer.Outgoing;
import io.vertxraft.peer.Outlet;
import java.util.List;

/** One direction of a socket: a batch is one buffer and one write. */
final class SocketOutlet implements Outlet {
  private static final int BATCH_BYTES = 64 * 1024;

  /** While so much is being written, the rest stays in the queue, which is bounded and counted. */
  private static final int WRITING_BYTES_MAX = 256 * 1024;

  private final NetSocketInternal socket;

  SocketOutlet(NetSocketInternal socket) {
    this.socket = socket;
    socket.setWriteQueueMaxSize(WRITING_BYTES_MAX);
  }

  @Override
  public int batchBytes() {
    return BATCH_BYTES;
  }

  @Override
  public boolean isFull() {
    return socket.writeQueueFull();
  }

  @Override
  public void whenDrained(Runnable task) {
    socket.drainHandler(v -> task.run());
  }

  @Override
  public void write(List<Outgoing> batch) {
    long bytesMax = 0;
    for (Outgoing item : batch) {
      bytesMax += item.bytesMax();
    }
    ByteBuf out = buffer(socket, Math.toIntExact(bytesMax));
    boolean written = false;
    try {
      for (Outgoing item : batch) {
        FrameWriter.write(out, item);
      }
      written = true;
    } finally {
      if (!written) {
        out.release();
      }
    }
    socket.writeMessage(out);
  }

  /** Writes a frame without content, past what waits in the queue. */
  static void writeEmpty(NetSocketInternal socket, byte type) {
    ByteBuf out = buffer(socket, Integer.BYTES + 1);
    FrameWriter.writeEmpty(out, type);
    socket.writeMessage(out);
  }

  /**
   * Closes a socket, and forgets what it has not written: Vert.x closes one only when all of it has
   * left, which a peer that does not read prevents for ever.
   */
  static void abort(NetSocketInternal socket) {
    ChannelFuture unused = socket.channelHandlerContext().close();
  }

  /** A buffer that the network reads from without copying it. */
  private static ByteBuf buffer(NetSocketInternal socket, int bytes) {
    return socket.channelHandlerContext().alloc().directBuffer(bytes);
  }
}
