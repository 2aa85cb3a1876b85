package io.vertxraft.runtime;

import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandStream;
import io.vertxraft.CommandStreamException;
import io.vertxraft.CommandStreamOptions;
import io.vertxraft.RaftCommands;
import io.vertxraft.RaftException.Rejected;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Sends what is written as far as the target has room, and hands out the replies in the order of
 * the writes. Writers on any thread fill the intake; everything else happens in one loop on the
 * stream's context.
 */
public final class CommandPipe implements CommandStream {
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final RaftCommands target;
  private final Consumer<Runnable> whenRoom;
  private final SerialLoop loop;
  private final Outlet<Buffer> outlet;
  private final int commandsMax;
  private final ConcurrentLinkedQueue<Written> intake = new ConcurrentLinkedQueue<>();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicLong heldBytes = new AtomicLong();
  private final Promise<Void> ended = Promise.promise();
  private final ArrayDeque<Written> sent = new ArrayDeque<>();
  private volatile int bytesMax;
  private volatile boolean ending;
  private volatile boolean closed;

  /** Why nothing more is sent; null while something may be. */
  private volatile Throwable failure;

  private volatile Handler<Void> drainHandler;

  /** Whether the writer may be waiting for {@link #drainHandler}. */
  private volatile boolean drainOwed;

  private volatile boolean awaitsRoom;
  private long sentCount;

  /** Whether the reader has been told of the end or of the failure. */
  private boolean over;

  /**
   * A stream that nothing has been written to.
   *
   * @param target where the commands go
   * @param whenRoom calls back, on any thread, when a target that was overloaded may have room
   * @param context where the stream lives
   * @param options how much it holds
   */
  CommandPipe(
      RaftCommands target,
      Consumer<Runnable> whenRoom,
      Executor context,
      CommandStreamOptions options) {
    options.validate();
    this.target = Objects.requireNonNull(target, "commands");
    this.whenRoom = whenRoom;
    this.commandsMax = options.getCommandsMax();
    this.bytesMax = options.getBytesMax();
    this.loop = new SerialLoop(context, this::step);
    this.outlet = new Outlet<>(loop::request);
  }

  /** See {@link CommandStream#over}. */
  public static CommandStream over(RaftCommands commands, CommandStreamOptions options) {
    Context context = Vertx.currentContext();
    if (context == null) {
      throw new IllegalStateException(
          "a command stream needs a Vert.x context: make it in a verticle or in"
              + " Context.runOnContext, or take the one of a RaftNode");
    }
    VertxScheduler scheduler = new VertxScheduler(context.owner(), context);
    return new CommandPipe(
        commands, retry -> scheduler.schedule(RETRY_NANOS, retry), scheduler, options);
  }

  // --- the writer -------------------------------------------------------------------------------

  @Override
  public Future<Void> write(Buffer command) {
    Objects.requireNonNull(command, "command");
    Throwable refusal = refusal();
    if (refusal != null) {
      return Future.failedFuture(refusal);
    }
    Written written = new Written(command);
    held.incrementAndGet();
    heldBytes.addAndGet(written.bytes);
    intake.add(written);
    loop.request();
    return written.applied.future();
  }

  private Throwable refusal() {
    if (failure != null) {
      return failure;
    }
    if (ending) {
      return new IllegalStateException("the stream was ended: it takes no more commands");
    }
    if (reaches(2)) {
      return new Rejected(
          Rejected.Reason.OVERLOADED,
          "the stream holds %d commands of %d and %d bytes of %d, more than twice of which it"
                  .formatted(held.get(), commandsMax, heldBytes.get(), bytesMax)
              + " refuses; wait for drainHandler when writeQueueFull",
          null);
    }
    return null;
  }

  /** Whether so many times one of the limits is held. */
  private boolean reaches(long times) {
    return held.get() >= times * commandsMax || heldBytes.get() >= times * bytesMax;
  }

  @Override
  public boolean writeQueueFull() {
    boolean full = failure == null && reaches(1);
    if (full) {
      drainOwed = true;
    }
    return full;
  }

  @Override
  public CommandStream setWriteQueueMaxSize(int newBytesMax) {
    bytesMax = new CommandStreamOptions().setBytesMax(newBytesMax).validate().getBytesMax();
    loop.request();
    return this;
  }

  @Override
  public CommandStream drainHandler(Handler<Void> handler) {
    drainHandler = handler;
    // The queue may have drained between the writer's look and this.
    drainOwed = handler != null;
    loop.request();
    return this;
  }

  @Override
  public Future<Void> end() {
    ending = true;
    loop.request();
    return ended.future();
  }

  @Override
  public void close() {
    closed = true;
    if (failure == null) {
      failure = new IllegalStateException("the stream was closed");
    }
    outlet.close();
    drainHandler = null;
    loop.request();
  }

  // --- the loop ---------------------------------------------------------------------------------

  private void step() {
    outlet.tell();
    send();
    deliver();
    tellWriter();
  }

  private void send() {
    Written next = intake.peek();
    while (next != null && failure == null && !awaitsRoom) {
      Future<Buffer> outcome = applyIfRoom(next.command);
      if (isOverload(outcome)) {
        return;
      }
      intake.poll();
      sent.add(next);
      next.number = ++sentCount;
      next.command = null;
      outcome.onComplete(next);
      next = intake.peek();
    }
    if (failure != null) {
      dropUnsent();
    }
  }

  /** Gives a future that has failed with an overload already if there is no room. */
  private Future<Buffer> applyIfRoom(Buffer command) {
    Future<Buffer> outcome = apply(command);
    if (isOverload(outcome)) {
      awaitsRoom = true;
      whenRoom.accept(this::roomAgain);
      // Room that came before the request to be told of it is found now.
      outcome = apply(command);
      if (!isOverload(outcome)) {
        awaitsRoom = false;
      }
    }
    return outcome;
  }

  private Future<Buffer> apply(Buffer command) {
    try {
      return Objects.requireNonNull(target.apply(command), "apply returned null, not a future");
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Only at once: of a later one nobody knows what has been taken after it. */
  private static boolean isOverload(Future<Buffer> outcome) {
    return outcome.failed()
        && outcome.cause() instanceof Rejected rejected
        && rejected.reason() == Rejected.Reason.OVERLOADED;
  }

  private void roomAgain() {
    awaitsRoom = false;
    loop.request();
  }

  private void dropUnsent() {
    for (Written next = intake.poll(); next != null; next = intake.poll()) {
      next.applied.tryFail(failure);
    }
  }

  private void deliver() {
    if (closed) {
      over = true;
      sent.clear();
      ended.tryFail(failure);
    }
    while (!over && !sent.isEmpty() && sent.peek().done) {
      Written head = sent.peek();
      if (head.cause != null) {
        fail(head);
      } else if (outlet.takeDemand()) {
        sent.poll();
        held.decrementAndGet();
        heldBytes.addAndGet(-head.bytes);
        outlet.deliver(head.reply);
      } else {
        return;
      }
    }
    if (!over && ending && failure == null && sent.isEmpty() && intake.isEmpty()) {
      over = true;
      try {
        outlet.end();
      } finally {
        ended.complete();
      }
    }
  }

  private void fail(Written head) {
    over = true;
    sent.clear();
    CommandStreamException cause = failureOf(head);
    ended.tryFail(cause);
    outlet.fail(cause);
  }

  private CommandStreamException failureOf(Written command) {
    return failure instanceof CommandStreamException known
            && known.commandNumber() == command.number
        ? known
        : new CommandStreamException(command.number, sentCount - command.number, command.cause);
  }

  private void tellWriter() {
    Handler<Void> waiting = drainHandler;
    if (drainOwed && waiting != null && hasDrained()) {
      drainOwed = false;
      waiting.handle(null);
    }
  }

  private boolean hasDrained() {
    return failure != null || (2L * held.get() <= commandsMax && 2 * heldBytes.get() <= bytesMax);
  }

  /** A command from its write until its reply is read. Completed by the target. */
  private final class Written implements Completable<Buffer> {
    private final Promise<Void> applied = Promise.promise();
    private Buffer command;
    private long bytes;
    private long number;
    private Buffer reply;
    private Throwable cause;
    private volatile boolean done;

    Written(Buffer command) {
      this.command = command;
      this.bytes = command.length();
    }

    @Override
    public void complete(Buffer result, Throwable failed) {
      cause = failed;
      if (failed == null) {
        reply = result == null ? Buffer.buffer() : result;
        heldBytes.addAndGet(reply.length() - bytes);
        bytes = reply.length();
      } else if (failure == null) {
        failure = failureOf(this);
      }
      done = true;
      loop.request();
      // Last, for it calls the writer.
      if (failed == null) {
        applied.complete();
      } else {
        applied.fail(failed);
      }
    }
  }

  // --- the reader -------------------------------------------------------------------------------

  @Override
  public CommandStream handler(Handler<Buffer> handler) {
    outlet.handler(handler);
    return this;
  }

  @Override
  public CommandStream exceptionHandler(Handler<Throwable> handler) {
    outlet.exceptionHandler(handler);
    return this;
  }

  @Override
  public CommandStream endHandler(Handler<Void> handler) {
    outlet.endHandler(handler);
    return this;
  }

  @Override
  public CommandStream pause() {
    outlet.pause();
    return this;
  }

  @Override
  public CommandStream resume() {
    outlet.resume();
    return this;
  }

  @Override
  public CommandStream fetch(long amount) {
    outlet.fetch(amount);
    return this;
  }
}
