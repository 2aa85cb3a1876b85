package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The toolkit's own actions. */
final class RaftActions {
  static final String KIND = "raft";
  private static final String PAUSE = "about one election timeout without writes";

  private RaftActions() {}

  static List<ConsoleAction> all() {
    return List.of(new TransferTo(), new StepDown(), new SnapshotNow());
  }

  /** Why the serving member cannot hand its leadership over at all. */
  private static ActionEffect onlyLeader(ActionCall call, ActionEffect effect) {
    String self = call.view().seenFrom();
    if (self.equals(call.leaderId())) {
      return effect;
    }
    return call.leaderId() == null
        ? effect.refused("no leader is known; one must be elected first")
        : effect.onlyAt(
            call.leaderId(),
            "%s does not lead, %s does: use the console of %s"
                .formatted(self, call.leaderId(), call.leaderId()));
  }

  private static Future<String> whoLeads(RaftNode node, String text) {
    return node.status()
        .map(RaftStatus::getTerm)
        .map(term -> "%s, in term %d or later".formatted(text, term));
  }

  /** Hands the leadership to a member that is named. */
  private static final class TransferTo implements ConsoleAction {
    @Override
    public String name() {
      return "transfer";
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String title() {
      return "Transfer leadership";
    }

    @Override
    public String description() {
      return "Hands the leadership to another member. Commands wait meanwhile; none is lost.";
    }

    @Override
    public String changes() {
      return "leader";
    }

    @Override
    public List<ActionParameter> parameters() {
      return List.of(
          ActionParameter.member(
              "target", "To", "name the member that is to lead, one that is in step"));
    }

    @Override
    public Future<ActionEffect> effect(ActionCall call) {
      String target = call.text("target");
      String from = call.leaderId() == null ? "nobody" : call.leaderId();
      ActionEffect effect =
          ActionEffect.of(
              call.view(), "%s takes over from %s".formatted(target, from), Set.of(), PAUSE);
      if (target.equals(call.leaderId())) {
        return Future.succeededFuture(effect.refused(target + " leads already"));
      }
      ActionEffect here = onlyLeader(call, effect);
      String unfit = here.refusal() == null ? whyUnfit(call, target) : null;
      return Future.succeededFuture(unfit == null ? here : here.refused(unfit));
    }

    private static String whyUnfit(ActionCall call, String target) {
      Optional<FollowerReport> follower =
          call.view().followers().stream().filter(f -> f.nodeId().equals(target)).findFirst();
      if (follower.isEmpty()) {
        return "%s is no follower of %s".formatted(target, call.leaderId());
      }
      if (follower.get().status().isDamaged()) {
        return target + " has lost entries and cannot lead until it has them again";
      }
      return follower.get().isInStep()
          ? null
          : "%s is not in step, but %s: it could not take over in time"
              .formatted(
                  target, follower.get().state().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    @Override
    public Future<String> run(ActionCall call) {
      String target = call.text("target");
      return call.node()
          .transferLeadership(target)
          .compose(v -> whoLeads(call.node(), target + " leads"));
    }
  }

  /** Hands the leadership to whoever is fittest. */
  private static final class StepDown implements ConsoleAction {
    @Override
    public String name() {
      return "step-down";
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String title() {
      return "Step down";
    }

    @Override
    public String description() {
      return "The leader hands over to the fittest member, by priority and by its log.";
    }

    @Override
    public String changes() {
      return "leader";
    }

    @Override
    public Future<ActionEffect> effect(ActionCall call) {
      String from = call.leaderId() == null ? "nobody" : call.leaderId();
      ActionEffect effect =
          onlyLeader(
              call,
              ActionEffect.of(
                  call.view(), "the fittest member takes over from " + from, Set.of(), PAUSE));
      boolean somebody = call.view().followers().stream().anyMatch(FollowerReport::isInStep);
      return Future.succeededFuture(
          effect.refusal() == null && !somebody
              ? effect.refused("no other member is in step, so nobody could take over")
              : effect);
    }

    @Override
    public Future<String> run(ActionCall call) {
      return call.node()
          .transferLeadership()
          .compose(v -> whoLeads(call.node(), "another member leads"));
    }
  }

  /** Takes a snapshot of the serving member. */
  private static final class SnapshotNow implements ConsoleAction {
    @Override
    public String name() {
      return "snapshot";
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public String title() {
      return "Snapshot now";
    }

    @Override
    public String description() {
      return "The member that serves this page takes a snapshot of its state; its log is cut.";
    }

    @Override
    public String changes() {
      return "snapshot";
    }

    @Override
    public Future<ActionEffect> effect(ActionCall call) {
      return Future.succeededFuture(
          ActionEffect.of(
              call.view(),
              call.view().seenFrom() + " saves its state and then cuts its log",
              Set.of(),
              "its disk is busy meanwhile"));
    }

    @Override
    public Future<String> run(ActionCall call) {
      return call.node().snapshot().map(result -> told(call.view().seenFrom(), result));
    }

    private static String told(String nodeId, SnapshotResult result) {
      return result.getOutcome() == SnapshotOutcome.TAKEN
          ? "%s has a snapshot up to index %d, %s, after %s"
              .formatted(
                  nodeId,
                  result.getLastIndex(),
                  Words.bytes(result.getBytes()),
                  Words.duration(result.getDurationMs()))
          : "%s took none: %s".formatted(nodeId, result.getDetail());
    }
  }
}
