package io.vertxraft.examples.benchmark.load;

import io.vertxraft.examples.benchmark.peer.RaftMember;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The same load on several members at once: leaders of as many groups. */
public final class Loads {
  private static final Runnable NOTHING = () -> {};

  private Loads() {}

  /**
   * Runs a load on each member. Blocks.
   *
   * @param members at least one
   * @param plan of each
   * @param opened called when the measurement of the first begins
   * @param closed called when the measurement of the first ends, before its load has died down
   */
  public static LoadResult run(
      List<RaftMember> members, LoadPlan plan, Runnable opened, Runnable closed)
      throws InterruptedException {
    List<CompletableFuture<LoadResult>> others = new ArrayList<>();
    for (RaftMember member : members.subList(1, members.size())) {
      others.add(inBackground(Load.of(member, plan)));
    }
    LoadResult sum = Load.of(members.get(0), plan).run(opened, closed);
    for (CompletableFuture<LoadResult> other : others) {
      sum = sum.plus(other.join());
    }
    return sum;
  }

  private static CompletableFuture<LoadResult> inBackground(Load load) {
    CompletableFuture<LoadResult> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(load.run(NOTHING, NOTHING));
              } catch (InterruptedException | RuntimeException failure) {
                result.completeExceptionally(new CompletionException(failure));
              }
            },
            "load of a further group");
    thread.setDaemon(true);
    thread.start();
    return result;
  }
}
