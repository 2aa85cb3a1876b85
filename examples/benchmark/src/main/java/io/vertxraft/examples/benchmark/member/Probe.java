package io.vertxraft.examples.benchmark.member;

import io.vertxraft.examples.benchmark.peer.RaftMember;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Tries commands, one at a time, until the first is acknowledged: what a caller without anything
 * else to do would see of a group that has no leader.
 */
final class Probe {
  private static final byte[] COMMAND = new byte[16];
  private static final long ANSWER_SECONDS = 5;
  private static final long PAUSE_MILLIS = 1;

  private final List<RaftMember> members;
  private volatile String current = "";

  Probe(List<RaftMember> members) {
    this.members = members;
  }

  /** Begins, and ends an earlier one; {@code acknowledged} is called once at most. */
  void start(String number, Consumer<String> acknowledged) {
    current = number;
    Thread thread = new Thread(() -> run(number, acknowledged), "probe " + number);
    thread.setDaemon(true);
    thread.start();
  }

  private void run(String number, Consumer<String> acknowledged) {
    try {
      while (current.equals(number)) {
        for (RaftMember member : members) {
          if (member.isLeader() && accepts(member)) {
            acknowledged.accept(number);
            return;
          }
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean accepts(RaftMember member) throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    member
        .loadExecutor()
        .execute(
            () ->
                member.apply(
                    COMMAND,
                    failure -> {
                      if (failure == null) {
                        done.complete(null);
                      } else {
                        done.completeExceptionally(failure);
                      }
                    }));
    try {
      done.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException refused) {
      return false;
    }
  }
}
