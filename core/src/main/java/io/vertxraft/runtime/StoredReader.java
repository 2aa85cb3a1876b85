package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.SnapshotReader;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StoredSnapshot;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * The state machine's view of an open snapshot. Confined to the state machine's context; the
 * snapshot itself is read on the node's.
 */
final class StoredReader implements SnapshotReader {
  private static final int PIECE_BYTES = 512 * 1024;

  private final StoredSnapshot snapshot;
  private final SnapshotManifest manifest;
  private final RaftScheduler scheduler;
  private final Executor context;

  /** Why nothing is read any more; set on the node's context. */
  private Throwable closed;

  StoredReader(StoredSnapshot snapshot, RaftScheduler scheduler, Executor context) {
    this.snapshot = snapshot;
    this.manifest = snapshot.manifest();
    this.scheduler = scheduler;
    this.context = context;
  }

  /** Reads nothing more; on the node's context. */
  void close(Throwable why) {
    closed = why;
  }

  @Override
  public long lastIndex() {
    return manifest.lastIndex();
  }

  @Override
  public long lastTerm() {
    return manifest.lastTerm();
  }

  @Override
  public List<String> files() {
    return manifest.files().stream().map(SnapshotFile::name).toList();
  }

  @Override
  public long bytes(String file) {
    SnapshotFile found = manifest.file(file);
    if (found == null) {
      throw new IllegalArgumentException(
          "the snapshot has no file '%s', but %s".formatted(file, files()));
    }
    return found.bytes();
  }

  @Override
  public ReadStream<Buffer> file(String name) {
    return new FileStream(name, bytes(name));
  }

  @Override
  public Future<Buffer> read(String name) {
    long bytes = bytes(name);
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "file '%s' has %d bytes, which is too much to be read as a whole: use file(name)"
              .formatted(name, bytes));
    }
    Promise<Buffer> whole = Promise.promise();
    readOn(name, (int) bytes, Buffer.buffer((int) bytes), whole);
    return whole.future();
  }

  private void readOn(String name, int bytes, Buffer content, Promise<Buffer> whole) {
    if (content.length() == bytes) {
      context.execute(() -> whole.complete(content));
      return;
    }
    read(
        name,
        content.length(),
        (piece, cause) -> {
          if (cause != null) {
            whole.fail(cause);
          } else {
            readOn(name, bytes, content.appendBuffer(piece), whole);
          }
        });
  }

  /** Reads a piece; the answer comes later, on the state machine's context. */
  private void read(String name, long offset, BiConsumer<Buffer, Throwable> answer) {
    scheduler.execute(
        () ->
            Calls.guarded(() -> piece(name, offset))
                .onComplete(
                    done -> context.execute(() -> answer.accept(done.result(), done.cause()))));
  }

  private Future<Buffer> piece(String name, long offset) {
    if (closed != null) {
      return Future.failedFuture(closed);
    }
    return snapshot
        .read(name, offset, PIECE_BYTES, false)
        .map(SnapshotChunk::content)
        .map(content -> requireProgress(name, offset, content));
  }

  private static Buffer requireProgress(String name, long offset, Buffer content) {
    if (content.length() == 0) {
      throw new VertxException(
          "file '%s' of the snapshot ends at byte %d, before its end".formatted(name, offset),
          true);
    }
    return content;
  }

  /** The content of a file, in pieces. */
  private final class FileStream implements ReadStream<Buffer> {
    private final String name;
    private final long bytes;
    private Handler<Buffer> handler;
    private Handler<Void> endHandler;
    private Handler<Throwable> exceptionHandler;
    private Buffer held;
    private long offset;
    private long demand = Long.MAX_VALUE;
    private boolean reading;
    private boolean over;
    private boolean scheduled;

    FileStream(String name, long bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    /** Later, so that no handler is called before its caller has set the others. */
    private void goOn() {
      if (!scheduled) {
        scheduled = true;
        context.execute(
            () -> {
              scheduled = false;
              deliver();
            });
      }
    }

    private void deliver() {
      if (over || handler == null) {
        return;
      }
      if (held != null && demand > 0) {
        Buffer piece = held;
        held = null;
        if (demand != Long.MAX_VALUE) {
          demand--;
        }
        give(piece);
        goOn();
      } else if (held == null && offset == bytes) {
        end();
      } else if (held == null && demand > 0 && !reading) {
        reading = true;
        read(name, offset, this::arrived);
      }
    }

    /** A handler that throws gets nothing more: who loads must not wait for the end in vain. */
    private void give(Buffer piece) {
      try {
        handler.handle(piece);
      } catch (RuntimeException e) {
        over = true;
        if (exceptionHandler == null) {
          throw e;
        }
        exceptionHandler.handle(e);
      }
    }

    private void arrived(Buffer piece, Throwable cause) {
      reading = false;
      if (cause != null) {
        over = true;
        if (exceptionHandler != null) {
          exceptionHandler.handle(cause);
        }
        return;
      }
      held = piece;
      offset += piece.length();
      deliver();
    }

    private void end() {
      over = true;
      if (endHandler != null) {
        endHandler.handle(null);
      }
    }

    @Override
    public ReadStream<Buffer> handler(Handler<Buffer> newHandler) {
      handler = newHandler;
      if (newHandler != null) {
        goOn();
      }
      return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
      demand = 0;
      return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
      return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
      if (amount < 0) {
        throw new IllegalArgumentException("cannot fetch %d pieces".formatted(amount));
      }
      demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
      goOn();
      return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(Handler<Throwable> newHandler) {
      exceptionHandler = newHandler;
      return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(Handler<Void> newHandler) {
      endHandler = newHandler;
      return this;
    }
  }
}
