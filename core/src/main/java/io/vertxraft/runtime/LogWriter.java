package io.vertxraft.runtime;

import io.vertxraft.RaftStage;
import io.vertxraft.StageStatus;
import io.vertxraft.consensus.Effects;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Hands each turn's write to storage and sends what waits for it, in order, at the end of a
 * turn: of writes that are done together, only the last confirmation leaves.
 *
 * <p>Several writes may be on their way: storage completes them in order, and gathers those that
 * arrive while it syncs into one batch.
 */
final class LogWriter {
  private final GroupStorage storage;
  private final Consumer<Effects.Outbound> sender;
  private final LongConsumer onDurable;
  private final Consumer<Throwable> onFailure;
  private final LongSupplier nanoTime;
  private final StageMeter meter = new StageMeter(RaftStage.LOG);
  private final ArrayDeque<Effects.Persist> inFlight = new ArrayDeque<>();

  /** When each of those that are in flight was given to storage. */
  private final ArrayDeque<Long> since = new ArrayDeque<>();

  /** What has waited for writes that are done. */
  private final List<Effects.Outbound> released = new ArrayList<>();

  private boolean stopped;

  LogWriter(
      GroupStorage storage,
      Consumer<Effects.Outbound> sender,
      LongConsumer onDurable,
      Consumer<Throwable> onFailure,
      LongSupplier nanoTime) {
    this.storage = storage;
    this.sender = sender;
    this.onDurable = onDurable;
    this.onFailure = onFailure;
    this.nanoTime = nanoTime;
  }

  int writesInFlight() {
    return inFlight.size();
  }

  /**
   * What is being written.
   *
   * @param oldestNanos age of the oldest write
   */
  StageStatus describe(long oldestNanos) {
    long depth = 0;
    long bytes = 0;
    for (Effects.Persist persist : inFlight) {
      depth += persist.entries().size();
      for (LogEntry entry : persist.entries()) {
        bytes += entry.encodedBytes();
      }
    }
    return meter.describe(depth, bytes, oldestNanos, nanoTime.getAsLong());
  }

  void persist(Effects.Persist persist) {
    if (!persist.nothingToWrite()) {
      inFlight.add(persist);
      since.add(nanoTime.getAsLong());
      if (!persist.entries().isEmpty()) {
        meter.batch(persist.entries().size());
      }
      storage.write(storageWrite(persist)).onComplete(done -> completed(persist, done.cause()));
    } else if (inFlight.isEmpty()) {
      release(persist);
    } else {
      // Nothing of its own to write, but it may not overtake what is being written.
      List<Effects.Outbound> waiting = inFlight.peekLast().messages();
      persist.messages().forEach(message -> message.addTo(waiting));
    }
  }

  private void release(Effects.Persist done) {
    done.messages().forEach(message -> message.addTo(released));
  }

  /** Sends what has been released; at the end of each turn, which the end of a write opens. */
  void turnEnded() {
    if (!stopped && !released.isEmpty()) {
      List<Effects.Outbound> leaving = List.copyOf(released);
      released.clear();
      leaving.forEach(sender);
    }
  }

  private static StorageWrite storageWrite(Effects.Persist persist) {
    Effects.LogStart start = persist.newStart();
    return new StorageWrite(
        persist.hardState(),
        start == null ? null : new StorageWrite.LogStart(start.firstIndex(), start.prevTerm()),
        persist.truncateFrom(),
        persist.entries());
  }

  /** What is being written goes on, but nothing that waits for it leaves any more. */
  void stop() {
    stopped = true;
  }

  private void completed(Effects.Persist persist, Throwable failure) {
    if (stopped) {
      return;
    }
    if (failure != null) {
      onFailure.accept(failure);
      return;
    }
    // Storage completes writes in the order they were issued.
    inFlight.poll();
    long now = nanoTime.getAsLong();
    long began = since.poll();
    if (!persist.entries().isEmpty()) {
      meter.left(now - began, now);
    }
    release(persist);
    onDurable.accept(persist.seq());
  }
}
