package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot in memory. Writes take effect in a later turn of the event loop, and content is read
 * in pieces that end anywhere.
 */
final class MemorySnapshot {
  static final long LAST_INDEX = 42;

  final Map<String, Buffer> content = new LinkedHashMap<>();
  final Promise<Void> givenUp = Promise.promise();
  int writes;
  int writesBesideQueueMax;
  long longestWriteBytes;

  /** Fails the writes after so many; -1 for none. */
  int failAfterWrites = -1;

  /** Takes the files. */
  SnapshotWriter writer() {
    return new SnapshotWriter() {
      @Override
      public long lastIndex() {
        return LAST_INDEX;
      }

      @Override
      public long lastTerm() {
        return 7;
      }

      @Override
      public WriteStream<Buffer> file(String name) {
        if (content.put(name, Buffer.buffer()) != null) {
          throw new IllegalArgumentException(name + " was given before");
        }
        return new Writing(content.get(name));
      }

      @Override
      public Future<Void> givenUp() {
        return givenUp.future();
      }
    };
  }

  /** Gives the files back in pieces of so many bytes. */
  SnapshotReader reader(int pieceBytes) {
    return new SnapshotReader() {
      @Override
      public long lastIndex() {
        return LAST_INDEX;
      }

      @Override
      public long lastTerm() {
        return 7;
      }

      @Override
      public List<String> files() {
        return List.copyOf(content.keySet());
      }

      @Override
      public long bytes(String file) {
        return content.get(file).length();
      }

      @Override
      public ReadStream<Buffer> file(String name) {
        return new Reading(content.get(name), pieceBytes);
      }

      @Override
      public Future<Buffer> read(String name) {
        return Future.succeededFuture(content.get(name));
      }
    };
  }

  private final class Writing implements WriteStream<Buffer> {
    private final Buffer target;
    private int queueMax = 100_000;
    private int queued;
    private Handler<Void> drained;

    Writing(Buffer target) {
      this.target = target;
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
      return this;
    }

    @Override
    public Future<Void> write(Buffer data) {
      writes++;
      longestWriteBytes = Math.max(longestWriteBytes, data.length());
      if (writeQueueFull()) {
        writesBesideQueueMax++;
      }
      if (failAfterWrites >= 0 && writes > failAfterWrites) {
        return Future.failedFuture("no space left on device");
      }
      queued += data.length();
      Promise<Void> written = Promise.promise();
      Vertx.currentContext()
          .runOnContext(
              v -> {
                target.appendBuffer(data);
                queued -= data.length();
                written.complete();
                Handler<Void> handler = drained;
                if (handler != null && !writeQueueFull()) {
                  drained = null;
                  handler.handle(null);
                }
              });
      return written.future();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
      queueMax = maxSize;
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return queued > queueMax;
    }

    @Override
    public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
      drained = handler;
      return this;
    }
  }

  private static final class Reading implements ReadStream<Buffer> {
    private final Buffer content;
    private final int pieceBytes;
    private int position;
    private boolean paused;
    private Handler<Buffer> handler;
    private Handler<Void> endHandler;

    Reading(Buffer content, int pieceBytes) {
      this.content = content;
      this.pieceBytes = pieceBytes;
    }

    private void next() {
      Vertx.currentContext()
          .runOnContext(
              v -> {
                if (paused || handler == null) {
                  return;
                }
                if (position == content.length()) {
                  handler = null;
                  endHandler.handle(null);
                  return;
                }
                int end = Math.min(position + pieceBytes, content.length());
                Buffer piece = content.getBuffer(position, end);
                position = end;
                handler.handle(piece);
                next();
              });
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(Handler<Throwable> newHandler) {
      return this;
    }

    @Override
    public ReadStream<Buffer> handler(Handler<Buffer> newHandler) {
      handler = newHandler;
      next();
      return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
      paused = true;
      return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
      if (paused) {
        paused = false;
        next();
      }
      return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadStream<Buffer> endHandler(Handler<Void> newHandler) {
      endHandler = newHandler;
      return this;
    }
  }
}
