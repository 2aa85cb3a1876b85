package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.DelegatingStateMachine;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.spi.RaftScheduler;

/**
 * A state machine that takes its time for snapshots: each file is written in pieces of random
 * length with pauses between them, while commands go on being applied; loading waits a while; and
 * now and then a saving never ends.
 */
public final class PacedStateMachine extends DelegatingStateMachine {
  private final RaftScheduler scheduler;
  private final SimRandom random;
  private final long pauseNanosMean;
  private final double hangs;

  /**
   * Slows a state machine down.
   *
   * @param scheduler provides the time
   * @param random draws it
   * @param pauseNanosMean mean pause before each piece
   * @param hangs probability that a saving never ends
   */
  public PacedStateMachine(
      StateMachine delegate,
      RaftScheduler scheduler,
      SimRandom random,
      long pauseNanosMean,
      double hangs) {
    super(delegate);
    this.scheduler = scheduler;
    this.random = random;
    this.pauseNanosMean = pauseNanosMean;
    this.hangs = hangs;
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    Future<Void> saved = super.saveSnapshot(new PacedWriter(writer));
    return random.chance(hangs) ? Promise.<Void>promise().future() : saved;
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    Promise<Void> begun = Promise.promise();
    scheduler.schedule(random.exponential(pauseNanosMean), begun::complete);
    return begun.future().compose(now -> super.loadSnapshot(reader));
  }

  /** Gives out slow streams. */
  private final class PacedWriter implements SnapshotWriter {
    private final SnapshotWriter whole;

    PacedWriter(SnapshotWriter whole) {
      this.whole = whole;
    }

    @Override
    public long lastIndex() {
      return whole.lastIndex();
    }

    @Override
    public long lastTerm() {
      return whole.lastTerm();
    }

    @Override
    public WriteStream<Buffer> file(String name) {
      return new PacedStream(whole.file(name), scheduler, random, pauseNanosMean);
    }

    @Override
    public Future<Void> givenUp() {
      return whole.givenUp();
    }
  }
}
