package io.vertxraft.testkit.storage;

import io.vertx.core.Future;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/**
 * What tests of a {@link RaftStorage} need: storages on named places, a serial context, entries to
 * write, and ways to wait.
 *
 * <p>By default each test has one serial context, a thread of its own. A storage that lives in
 * virtual time overrides {@link #newContext} and {@link #await}.
 */
public abstract class StorageFixture {
  /** Cluster of the storages under test. */
  protected static final String CLUSTER = "cluster";

  /** Node that owns the storages under test. */
  protected static final String NODE = "n1";

  /** The identity most tests open. */
  protected static final GroupIdentity GROUP = new GroupIdentity(CLUSTER, "g1", NODE);

  private final List<RaftStorage> storages = new ArrayList<>();
  private final List<ExecutorService> threads = new ArrayList<>();
  private Executor context;

  /** For implementations. */
  protected StorageFixture() {}

  /**
   * Creates a storage. Storages on the same place find what earlier ones wrote there; different
   * places have nothing in common.
   *
   * @param place a name, good as a file name; unique within a test
   */
  protected abstract RaftStorage newStorage(String place);

  /** A serial executor on which a group lives. */
  protected Executor newContext() {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    threads.add(thread);
    return thread;
  }

  /** Waits for a future from outside the context and returns its result or throws its cause. */
  protected <T> T await(Future<T> future) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    future.onComplete(done::complete, done::completeExceptionally);
    return get(done);
  }

  /** Runs {@code call} on a context and waits for the future it returns. */
  protected final <T> T on(Executor where, Supplier<Future<T>> call) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    where.execute(() -> call.get().onComplete(done::complete, done::completeExceptionally));
    return await(Future.fromCompletionStage(done));
  }

  private static <T> T get(CompletableFuture<T> done) throws Exception {
    try {
      return done.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("the future did not complete within 20 s", e);
    }
  }

  /** The context most tests use. */
  protected final Executor context() {
    if (context == null) {
      context = newContext();
    }
    return context;
  }

  /** Creates a storage that is closed after the test. */
  protected final RaftStorage storage(String place) {
    RaftStorage storage = newStorage(place);
    storages.add(storage);
    return storage;
  }

  /** Opens a group on {@link #context()}. */
  protected final GroupStorage open(RaftStorage storage, GroupIdentity identity) throws Exception {
    return on(context(), () -> storage.open(identity, context()));
  }

  /** Writes on {@link #context()} and waits. */
  protected final void write(GroupStorage group, StorageWrite write) throws Exception {
    on(context(), () -> group.write(write));
  }

  /** Reads on {@link #context()} and waits. */
  protected final List<LogEntry> read(GroupStorage group, long from, long to, long bytesMax)
      throws Exception {
    return on(context(), () -> group.read(from, to, bytesMax));
  }

  /** Closes all storages and threads of the test. */
  @AfterEach
  protected void closeEverything() throws Exception {
    for (RaftStorage storage : storages) {
      await(storage.close());
    }
    threads.forEach(ExecutorService::shutdown);
  }

  /** An append of the entries {@code from} to {@code to}, each of the given term. */
  protected static StorageWrite append(GroupIdentity group, long from, long to, long term) {
    return new StorageWrite(null, 0, entries(group, from, to, term, 10));
  }

  /** Entries whose payload tells index and term. */
  protected static List<LogEntry> entries(
      GroupIdentity group, long from, long to, long term, int payloadBytes) {
    EntryCodec codec = new EntryCodec(group.groupId());
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      byte[] payload = new byte[payloadBytes];
      for (int i = 0; i < payloadBytes; i++) {
        payload[i] = (byte) (index * 31 + term * 7 + i);
      }
      entries.add(codec.encode(index, term, EntryType.COMMAND, payload));
    }
    return entries;
  }

  /** Runs an action that must fail with a {@link StorageException} and returns it. */
  protected static StorageException failure(ThrowingAction action) throws Exception {
    try {
      action.run();
    } catch (StorageException e) {
      return e;
    }
    throw new AssertionError("no StorageException was thrown");
  }

  /** Something that may throw. */
  @FunctionalInterface
  protected interface ThrowingAction {
    /** Acts. */
    void run() throws Exception;
  }

  /** Runs an action that must be refused with an {@link IllegalArgumentException}. */
  protected static void assertRefused(ThrowingAction action) throws Exception {
    try {
      action.run();
    } catch (IllegalArgumentException e) {
      return;
    }
    throw new AssertionError("nothing was refused");
  }
}
