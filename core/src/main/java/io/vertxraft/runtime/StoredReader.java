package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.SnapshotReader;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StoredSnapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The state machine's view of an open snapshot. Confined to the state machine's context; the
 * snapshot itself is read on the node's.
 *
 * <p>Between the verification of the snapshot and now the disk may have lost what it had. So every
 * byte that is given out is hashed, and the last piece of a file is given out only if the hash is
 * right. Of a file that the state machine has read in part {@link #check} reads the rest: what
 * nobody has looked at need not be right, but what somebody has seen must be.
 */
final class StoredReader implements SnapshotReader {
  private static final int PIECE_BYTES = 512 * 1024;

  private final StoredSnapshot snapshot;
  private final SnapshotManifest manifest;
  private final RaftScheduler scheduler;
  private final Executor context;
  private final Consumer<StorageException> damageSink;
  private final Set<CheckedFile> begun = new LinkedHashSet<>();

  /** Why nothing is read any more; set on the node's context. */
  private Throwable closed;

  /**
   * A reader of which nothing is read yet.
   *
   * @param damageSink told on the node's context, before the state machine is, that the snapshot is
   *     damaged
   */
  StoredReader(
      StoredSnapshot snapshot,
      RaftScheduler scheduler,
      Executor context,
      Consumer<StorageException> damageSink) {
    this.snapshot = snapshot;
    this.manifest = snapshot.manifest();
    this.scheduler = scheduler;
    this.context = context;
    this.damageSink = damageSink;
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
    return described(file).bytes();
  }

  private SnapshotFile described(String file) {
    SnapshotFile found = manifest.file(file);
    if (found == null) {
      throw new IllegalArgumentException(
          "the snapshot has no file '%s', but %s".formatted(file, files()));
    }
    return found;
  }

  @Override
  public ReadStream<Buffer> file(String name) {
    return new FileStream(begin(name));
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
    readToEnd(begin(name), Buffer.buffer((int) bytes), whole);
    return whole.future();
  }

  private CheckedFile begin(String name) {
    CheckedFile file = new CheckedFile(described(name), manifest.lastIndex());
    begun.add(file);
    return file;
  }

  /** Reads to the end, and keeps what is read if there is something to keep it in. */
  private void readToEnd(CheckedFile file, Buffer content, Promise<Buffer> whole) {
    if (file.isAtEnd()) {
      context.execute(() -> whole.complete(content));
      return;
    }
    read(
        file,
        (piece, cause) -> {
          if (cause != null) {
            whole.fail(cause);
          } else {
            readToEnd(file, content == null ? null : content.appendBuffer(piece), whole);
          }
        });
  }

  /**
   * The state machine says that it has loaded, or that it cannot: what it has seen of files that it
   * did not read to their end is checked now, and nothing more is given out of them.
   *
   * @return fails if that was not right, or cannot be told
   */
  Future<Void> check() {
    List<CheckedFile> unproven = begun.stream().filter(CheckedFile::isUnproven).toList();
    Future<Void> checked = Future.succeededFuture();
    for (CheckedFile file : unproven) {
      CheckedFile rest = file.rest();
      checked =
          checked.compose(
              before -> {
                Promise<Buffer> end = Promise.promise();
                readToEnd(rest, null, end);
                return end.future().mapEmpty();
              });
    }
    return checked;
  }

  /** Reads the next piece; the answer comes later, on the state machine's context. */
  private void read(CheckedFile file, BiConsumer<Buffer, Throwable> answer) {
    long offset = file.offset();
    scheduler.execute(
        () ->
            Calls.guarded(() -> piece(file.name(), offset))
                .onComplete(
                    done ->
                        context.execute(() -> arrived(file, done.result(), done.cause(), answer))));
  }

  private Future<Buffer> piece(String name, long offset) {
    return closed == null
        ? snapshot.read(name, offset, PIECE_BYTES, false).map(SnapshotChunk::content)
        : Future.failedFuture(closed);
  }

  private void arrived(
      CheckedFile file, Buffer piece, Throwable failure, BiConsumer<Buffer, Throwable> answer) {
    Throwable cause = failure;
    if (cause == null) {
      try {
        file.take(piece);
      } catch (StorageException e) {
        scheduler.execute(() -> damageSink.accept(e));
        cause = e;
      } catch (RuntimeException e) {
        cause = e;
      }
    }
    if (cause != null || file.isAtEnd()) {
      begun.remove(file);
    }
    answer.accept(cause == null ? piece : null, cause);
  }

  /** The content of a file, in pieces. */
  private final class FileStream implements ReadStream<Buffer> {
    private final CheckedFile file;
    private Handler<Buffer> handler;
    private Handler<Void> endHandler;
    private Handler<Throwable> exceptionHandler;
    private Buffer held;
    private long demand = Long.MAX_VALUE;
    private boolean reading;
    private boolean over;
    private boolean scheduled;

    FileStream(CheckedFile file) {
      this.file = file;
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
      } else if (held == null && file.isAtEnd()) {
        end();
      } else if (held == null && demand > 0 && !reading) {
        reading = true;
        read(file, this::arrived);
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
