package io.vertxraft.testkit.run;

import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.Effects.Outbound;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * a voter that is asked again by the candidate it has voted for gives its vote again, for the
 * first answer may be lost. Judged where the request arrives, because an answer does not say which
 * request it answers. For one life of one member.
 */
final class VoteAnswers implements Probe {
  private final Consumer<String> broken;
  private final List<Outbound> due = new ArrayList<>();

  /**
   * A rule for one life of one member.
   *
   * @param broken told in words when the rule is broken
   */
  VoteAnswers(Consumer<String> broken) {
    this.broken = broken;
  }

  /** A voter that knows a leader of the term need not care for candidates any more. */
  @Override
  public void stepped(Step step, String from, RaftMessage message, RaftCore core) {
    if (message instanceof VoteRequest request
        && core.term() == request.term()
        && from.equals(core.votedFor())
        && core.leaderId() == null
        && !core.fitness().isDamaged()
        && isUpToDate(request, core)) {
      due.add(new Outbound(from, new VoteReply(request.term(), true)));
    }
  }

  private static boolean isUpToDate(VoteRequest request, RaftCore core) {
    long lastTerm = core.log().lastTerm();
    return request.lastLogTerm() > lastTerm
        || (request.lastLogTerm() == lastTerm && request.lastLogIndex() >= core.log().lastIndex());
  }

  @Override
  public void turnEnded(RaftCore core, Effects effects) {
    if (due.isEmpty()) {
      return;
    }
    for (Outbound answer : due) {
      if (effects.persist() == null || !effects.persist().messages().contains(answer)) {
        broken.accept(
            "%s has voted for %s and does not say so when it is asked again: no %s"
                .formatted(core.nodeId(), answer.to(), answer.message()));
      }
    }
    due.clear();
  }
}
