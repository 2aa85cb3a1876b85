package io.vertxraft.testkit.trace;

import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.LogEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Records what the members of a group do, event by event: what came in, what it did to state and
 * log, and what each turn sent and wrote.
 *
 * <p>Each life of a member gets a probe of its own ({@link #probeOf}); the simulation says when a
 * life ends ({@link #stop}). Events go to the sink in the order in which they happen. A sink for
 * text is made by {@link TraceJson#lines}, and several sinks become one by {@link
 * Consumer#andThen}.
 *
 * <p>A mistake in the sink or in the use of the trace never reaches the members: the recording
 * ends, and {@link #check} throws what ended it. Confined to one thread.
 */
public final class ProtocolTrace {
  /** Gives the entries that a starting member finds on its disk. */
  @FunctionalInterface
  public interface RecoveredEntries {
    /** The entry at {@code index}, which the member has recovered at this instant. */
    LogEntry entryAt(String nodeId, long index);
  }

  private final LongSupplier nowNanos;
  private final RecoveredEntries recovered;
  private final Consumer<TraceEvent> sink;
  private final Map<String, NodeRecorder> running = new LinkedHashMap<>();
  private RuntimeException failure;
  private Error error;

  /**
   * A recorder that has not heard of any member yet.
   *
   * @param nowNanos virtual time in nanoseconds
   * @param recovered looks into the disks, because a member does not keep what it recovered in
   *     memory
   * @param sink gets every event
   */
  public ProtocolTrace(
      LongSupplier nowNanos, RecoveredEntries recovered, Consumer<TraceEvent> sink) {
    this.nowNanos = nowNanos;
    this.recovered = recovered;
    this.sink = sink;
  }

  /**
   * The probe for one life of a member.
   *
   * @param nodeId the member
   * @param life 1 for its first process
   */
  public Probe probeOf(String nodeId, int life) {
    return new NodeRecorder(this, nodeId, life);
  }

  /**
   * The member's process is gone. Leaves no event if that life never got as far as to recover its
   * log.
   *
   * @param nodeId the member
   * @param how what ended it, such as {@code power cut}
   */
  public void stop(String nodeId, String how) {
    if (running.remove(nodeId) != null) {
      record(() -> emit(new TraceEvent.Stop(now(), nodeId, how)));
    }
  }

  /** Throws what ended the recording, if anything did. Call it when the run ends, or earlier. */
  public void check() {
    if (error != null) {
      throw error;
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Runs {@code recording} unless an earlier one failed; a member never sees what it throws. */
  void record(Runnable recording) {
    if (failure != null || error != null) {
      return;
    }
    try {
      recording.run();
    } catch (RuntimeException e) {
      failure = e;
    } catch (Error e) {
      error = e;
    }
  }

  void emit(TraceEvent event) {
    sink.accept(event);
  }

  long now() {
    return nowNanos.getAsLong();
  }

  LogEntry recoveredEntry(String nodeId, long index) {
    return recovered.entryAt(nodeId, index);
  }

  void started(String nodeId, NodeRecorder life) {
    NodeRecorder earlier = running.put(nodeId, life);
    if (earlier != null) {
      throw new IllegalStateException(
          "%s starts while %s has not ended: call stop when a process ends"
              .formatted(life, earlier));
    }
  }

  void requireRunning(String nodeId, NodeRecorder life) {
    if (running.get(nodeId) != life) {
      throw new IllegalStateException(
          "%s goes on after its end: call stop only when the process can do nothing more"
              .formatted(life));
    }
  }
}
