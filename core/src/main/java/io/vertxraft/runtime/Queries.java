package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.StateMachine;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Reads that wait until the state machine has applied enough, and are then put to it: all that are
 * due in one task, between two batches of commands. Confined to the node's context.
 */
final class Queries {
  private record Waiting(long index, long order, Read read) {}

  private record Answer(Read read, Future<Buffer> result) {}

  private final RaftScheduler scheduler;
  private final Executor stateMachineContext;
  private final StateMachine stateMachine;
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong(Waiting::index).thenComparingLong(Waiting::order));
  private BiConsumer<Read, Future<Buffer>> answered = (read, result) -> {};
  private Runnable batchDone = () -> {};
  private long added;

  Queries(RaftScheduler scheduler, Executor stateMachineContext, StateMachine stateMachine) {
    this.scheduler = scheduler;
    this.stateMachineContext = stateMachineContext;
    this.stateMachine = stateMachine;
  }

  /**
   * Sets who takes the answers, on the node's context.
   *
   * @param handler takes each answer, completed
   * @param done called after the answers of a batch
   */
  void answers(BiConsumer<Read, Future<Buffer>> handler, Runnable done) {
    answered = handler;
    batchDone = done;
  }

  /** Puts a read to the state machine when that has applied {@code index}. */
  void add(long index, Read read) {
    waiting.add(new Waiting(index, added++, read));
  }

  /** Puts what is due to the state machine; between two batches only. */
  void run(long appliedIndex) {
    if (waiting.isEmpty() || waiting.peek().index() > appliedIndex) {
      return;
    }
    List<Read> due = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.peek().index() <= appliedIndex) {
      Read read = waiting.poll().read();
      if (!read.isDone()) {
        due.add(read);
      }
    }
    if (!due.isEmpty()) {
      stateMachineContext.execute(() -> ask(due));
    }
  }

  /** On the state machine's context. What is answered at once goes back as one task. */
  private void ask(List<Read> due) {
    List<Answer> answers = new ArrayList<>(due.size());
    for (Read read : due) {
      Future<Buffer> result = query(read);
      if (result.isComplete()) {
        answers.add(new Answer(read, result));
      } else {
        result.onComplete(done -> handBack(List.of(new Answer(read, result))));
      }
    }
    if (!answers.isEmpty()) {
      handBack(answers);
    }
  }

  private Future<Buffer> query(Read read) {
    if (read.place != null) {
      // The log knows, not the state machine.
      return Future.succeededFuture();
    }
    try {
      return Objects.requireNonNull(
          stateMachine.query(read.query), "StateMachine.query returned null instead of a future");
    } catch (Throwable t) {
      return Future.failedFuture(t);
    }
  }

  private void handBack(List<Answer> answers) {
    scheduler.execute(
        () -> {
          for (Answer answer : answers) {
            answered.accept(answer.read(), answer.result());
          }
          batchDone.run();
        });
  }
}
