package io.vertxraft.runtime;

import io.vertxraft.RaftEventType;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.spi.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads entries for followers, and removes from the front of the stored log what may go and nobody
 * is reading any more. Confined to the node's context.
 */
final class LogReads {
  private final MemberParts parts;
  private final Consumer<Throwable> storageFailed;
  private final List<Effects.Load> underWay = new ArrayList<>();

  /** Where the stored log is to begin; 0 if it does. */
  private long compactTo;

  private boolean stopped;

  LogReads(MemberParts parts, Consumer<Throwable> storageFailed) {
    this.parts = parts;
    this.storageFailed = storageFailed;
  }

  void stop() {
    stopped = true;
  }

  void load(Effects.Load load) {
    underWay.add(load);
    parts
        .storage()
        .read(load.fromIndex(), load.toIndex(), load.bytesMax())
        .onComplete(
            done -> {
              underWay.remove(load);
              if (stopped) {
                return;
              }
              if (done.succeeded()) {
                long now = parts.scheduler().nanoTime();
                parts.host().step(raft -> raft.loaded(load, done.result(), now));
              } else {
                failed(load, done.cause());
              }
              compactIfUnread();
            });
  }

  /**
   * A leader of the term never removes what it reads, so that its disk must be at fault. The log of
   * a deposed one may have been truncated under the read, which harms nobody.
   */
  private void failed(Effects.Load load, Throwable cause) {
    RaftCore core = parts.core();
    boolean leads = core.isLeader() && core.term() == load.term();
    if (leads || cause instanceof StorageException) {
      storageFailed.accept(cause);
    } else {
      parts.probe().reached(Mark.LOAD_DISCARDED);
    }
  }

  /** The log begins at {@code firstIndex} from now on. */
  void compact(long firstIndex) {
    compactTo = Math.max(compactTo, firstIndex);
    compactIfUnread();
  }

  private void compactIfUnread() {
    long first = compactTo;
    if (stopped || first == 0 || underWay.stream().anyMatch(load -> load.fromIndex() < first)) {
      return;
    }
    compactTo = 0;
    parts
        .storage()
        .truncatePrefix(first)
        .onComplete(
            done -> {
              if (stopped) {
                return;
              }
              if (done.succeeded()) {
                parts
                    .events()
                    .publish(RaftEventType.LOG_COMPACTED, null, "the log begins at index " + first);
              } else {
                storageFailed.accept(done.cause());
              }
            });
  }
}
