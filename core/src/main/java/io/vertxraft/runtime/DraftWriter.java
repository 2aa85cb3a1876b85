package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.spi.SnapshotFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The state machine's end of a snapshot that is saved. Confined to the state machine's context; the
 * {@link Sink} is the other end.
 */
final class DraftWriter implements SnapshotWriter {
  private static final int QUEUE_BYTES_MAX = 1024 * 1024;

  /** Takes what is written, in order; may be called on any thread. */
  interface Sink {
    /** A file begins. */
    void begin(String file);

    /**
     * More of a file.
     *
     * @param done called on the node's context, with null once it is written, or why it is not
     */
    void append(String file, Buffer data, Handler<Throwable> done);

    /** A file is complete; {@code done} as with {@link #append}. */
    void end(String file, Handler<Throwable> done);
  }

  private final long lastIndex;
  private final long lastTerm;
  private final Executor context;
  private final Sink sink;
  private final Promise<Void> givenUp = Promise.promise();
  private final Set<String> names = new TreeSet<>();
  private final List<FileStream> open = new ArrayList<>();
  private Throwable failure;

  DraftWriter(long lastIndex, long lastTerm, Executor context, Sink sink) {
    this.lastIndex = lastIndex;
    this.lastTerm = lastTerm;
    this.context = context;
    this.sink = sink;
  }

  @Override
  public long lastIndex() {
    return lastIndex;
  }

  @Override
  public long lastTerm() {
    return lastTerm;
  }

  @Override
  public WriteStream<Buffer> file(String name) {
    // Some file systems take two names that differ in case only for the same.
    if (!names.add(SnapshotFile.requireName(name).toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "the snapshot has a file '%s' already, or one that differs in case only".formatted(name));
    }
    FileStream stream = new FileStream(name);
    open.add(stream);
    sink.begin(name);
    return stream;
  }

  @Override
  public Future<Void> givenUp() {
    return givenUp.future();
  }

  /** Nobody wants the rest; on any thread. */
  void giveUp(Throwable cause) {
    onContext(
        () -> {
          if (failure == null) {
            failure = cause;
            givenUp.tryFail(cause);
            List.copyOf(open).forEach(stream -> stream.failed(cause));
          }
        });
  }

  /** A state machine whose context is gone hears nothing any more. */
  private void onContext(Runnable task) {
    try {
      context.execute(task);
    } catch (RejectedExecutionException e) {
      givenUp.tryFail(e);
    }
  }

  /** One file. */
  private final class FileStream implements WriteStream<Buffer> {
    private final String name;
    private long waiting;
    private int queueMax = QUEUE_BYTES_MAX;
    private boolean ended;
    private boolean wasFull;
    private Handler<Void> drainHandler;
    private Handler<Throwable> exceptionHandler;

    FileStream(String name) {
      this.name = name;
    }

    @Override
    public Future<Void> write(Buffer data) {
      Objects.requireNonNull(data, "data");
      Future<Void> refused = refusal();
      if (refused != null) {
        return refused;
      }
      int bytes = data.length();
      waiting += bytes;
      wasFull |= writeQueueFull();
      Promise<Void> written = Promise.promise();
      sink.append(name, data, cause -> onContext(() -> written(bytes, written, cause)));
      return written.future();
    }

    private Future<Void> refusal() {
      if (failure != null) {
        return Future.failedFuture(failure);
      }
      if (ended) {
        return Future.failedFuture(
            new IllegalStateException("file '%s' has ended already".formatted(name)));
      }
      return null;
    }

    private void written(int bytes, Promise<Void> promise, Throwable cause) {
      waiting -= bytes;
      complete(promise, cause);
      Handler<Void> onDrain = drainHandler;
      if (wasFull && waiting <= queueMax / 2) {
        wasFull = false;
        if (onDrain != null && failure == null) {
          onDrain.handle(null);
        }
      }
    }

    private void complete(Promise<Void> promise, Throwable cause) {
      if (cause == null) {
        promise.complete();
      } else {
        promise.fail(cause);
      }
    }

    @Override
    public Future<Void> end() {
      Future<Void> refused = refusal();
      if (refused != null) {
        return refused;
      }
      ended = true;
      open.remove(this);
      Promise<Void> complete = Promise.promise();
      sink.end(name, cause -> onContext(() -> complete(complete, cause)));
      return complete.future();
    }

    /** In order, without waiting in between. */
    @Override
    public Future<Void> end(Buffer data) {
      Future<Void> written = write(data);
      return written.failed() ? written : end();
    }

    private void failed(Throwable cause) {
      Handler<Throwable> onFailure = exceptionHandler;
      if (onFailure != null) {
        onFailure.handle(cause);
      }
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
      queueMax = maxSize;
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return waiting > queueMax;
    }

    @Override
    public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
      drainHandler = handler;
      return this;
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
      exceptionHandler = handler;
      return this;
    }
  }
}
