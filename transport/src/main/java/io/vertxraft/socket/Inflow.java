package io.vertxraft.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.MultiMap;
import io.vertxraft.peer.ProtocolException;

/**
 * Takes the bytes that come in on a connection apart: a greeting, and then frames. What has arrived
 * whole is read where it is; only a piece that is cut by the network's packets is put together
 * first. Confined to the connection's context.
 */
final class Inflow {
  private static final int LENGTH_BYTES = Integer.BYTES;

  private final ByteBufAllocator allocator;
  private final int frameBytesMax;
  private final Sink sink;
  private ByteBuf part;
  private long skipBytes;
  private boolean greeted;
  private boolean over;

  /** Takes the pieces. */
  interface Sink {
    /** The other end has greeted. */
    void greeted(MultiMap greeting);

    /**
     * A frame has come.
     *
     * @param in not used after the call; the frame begins where it is read
     * @param length of the frame, at least 1
     */
    void frame(ByteBuf in, int length);

    /** A frame was larger than allowed, and is skipped. */
    void tooLarge();

    /** Nothing more can be made of what comes. */
    void broken(String why);
  }

  Inflow(ByteBufAllocator allocator, int frameBytesMax, Sink sink) {
    this.allocator = allocator;
    this.frameBytesMax = frameBytesMax;
    this.sink = sink;
  }

  /** Takes what has arrived, and releases it. */
  void read(Object arrived) {
    ByteBuf in = (ByteBuf) arrived;
    try {
      while (!over && in.isReadable()) {
        step(in);
      }
    } catch (ProtocolException e) {
      close();
      sink.broken(e.getMessage());
    } finally {
      in.release();
    }
  }

  /** Reads nothing more. */
  void close() {
    over = true;
    if (part != null) {
      part.release();
      part = null;
    }
  }

  private void step(ByteBuf in) {
    if (skipBytes > 0) {
      int skipped = (int) Math.min(skipBytes, in.readableBytes());
      in.skipBytes(skipped);
      skipBytes -= skipped;
    } else if (part != null) {
      complete(in);
    } else {
      int length = pieceLength(in);
      if (length > 0 && length <= in.readableBytes()) {
        int end = in.readerIndex() + length;
        piece(in, length);
        in.readerIndex(end);
      } else if (skipBytes == 0) {
        part = allocator.directBuffer(Math.max(length, Greeting.HEADER_BYTES));
        part.writeBytes(in);
      }
    }
  }

  /** Adds to the piece that was cut. */
  private void complete(ByteBuf in) {
    int length = pieceLength(part);
    if (length < 0) {
      part.writeByte(in.readByte());
      // What came before the length was known to be too large is skipped already.
      length = pieceLength(part);
    }
    if (skipBytes > 0) {
      skipBytes -= part.readableBytes();
      part.release();
      part = null;
    } else if (length > 0) {
      part.writeBytes(in, Math.min(in.readableBytes(), length - part.readableBytes()));
      if (part.readableBytes() == length) {
        ByteBuf whole = part;
        part = null;
        try {
          piece(whole, length);
        } finally {
          whole.release();
        }
      }
    }
  }

  /**
   * The bytes of the piece that begins here; sets how much to skip if it is too large.
   *
   * @return -1 if there is too little to tell, or if it is skipped
   */
  private int pieceLength(ByteBuf in) {
    if (!greeted) {
      return Greeting.length(in);
    }
    if (in.readableBytes() < LENGTH_BYTES) {
      return -1;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 1) {
      throw new ProtocolException(
          "it sent a frame of %s bytes".formatted(Integer.toUnsignedString(length)));
    }
    if (length > frameBytesMax) {
      skipBytes = (long) LENGTH_BYTES + length;
      sink.tooLarge();
      return -1;
    }
    return LENGTH_BYTES + length;
  }

  private void piece(ByteBuf in, int length) {
    if (greeted) {
      in.skipBytes(LENGTH_BYTES);
      sink.frame(in, length - LENGTH_BYTES);
    } else {
      greeted = true;
      sink.greeted(Greeting.decode(in, length));
    }
  }
}
