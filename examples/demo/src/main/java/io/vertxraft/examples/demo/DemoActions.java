package io.vertxraft.examples.demo;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertxraft.console.ActionCall;
import io.vertxraft.console.ActionParameter;
import io.vertxraft.console.ConsoleAction;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be broken and mended from the console. Confined to the demo's context. */
final class DemoActions {
  private static final long SLOW_MS = 1_500;
  private static final long SLOW_MS_MAX = 60_000;

  private final Demo demo;
  private final DemoCluster cluster;
  private final Context context;

  DemoActions(Demo demo, DemoCluster cluster, Context context) {
    this.demo = demo;
    this.cluster = cluster;
    this.context = context;
  }

  List<ConsoleAction> all() {
    return List.of(kill(), restart(), cut(), slowDisk(), heal());
  }

  private DemoMember member(ActionCall call, String parameter) {
    return cluster.member(call.text(parameter));
  }

  private String unlessUp(DemoMember member) {
    return member.state() == DemoMember.State.UP
        ? null
        : "%s is %s".formatted(member.id(), member.state().name().toLowerCase(Locale.ROOT));
  }

  private ConsoleAction kill() {
    return new DemoAction(
        new DemoAction.Labels(
            "kill", "Kill a member", "Ends a member at once, as a power cut does.", "member"),
        context,
        List.of(ActionParameter.member("member", "Member", "name the member that is to die")),
        call ->
            new DemoAction.Effect(
                call.text("member") + " is gone at once",
                Set.of(call.text("member")),
                unlessUp(member(call, "member"))),
        call -> demo.kill(member(call, "member")));
  }

  private ConsoleAction restart() {
    return new DemoAction(
        new DemoAction.Labels(
            "restart", "Restart a member", "Starts a dead member from its data.", "member"),
        context,
        List.of(ActionParameter.member("member", "Member", "name a member that is down")),
        call ->
            new DemoAction.Effect(
                call.text("member") + " comes back with the data it had",
                Set.of(),
                member(call, "member").state() == DemoMember.State.DOWN
                    ? null
                    : call.text("member") + " is not down"),
        call -> demo.restart(member(call, "member")));
  }

  private ConsoleAction cut() {
    return new DemoAction(
        new DemoAction.Labels(
            "cut",
            "Cut a link one way",
            "Loses all that one member says to another; the way back stays open.",
            "network"),
        context,
        List.of(
            ActionParameter.member("from", "From", "name the member that is no longer heard"),
            ActionParameter.member("to", "To", "name the member that no longer hears it")),
        call ->
            new DemoAction.Effect(
                "%s no longer hears %s, which still hears %s"
                    .formatted(call.text("to"), call.text("from"), call.text("to")),
                Set.of(),
                call.text("from").equals(call.text("to"))
                    ? "from and to are the same member"
                    : unlessUp(member(call, "from"))),
        call -> {
          member(call, "from").cutTo(call.text("to"));
          return Future.succeededFuture(
              "what %s says to %s is lost from now on"
                  .formatted(call.text("from"), call.text("to")));
        });
  }

  private ConsoleAction slowDisk() {
    return new DemoAction(
        new DemoAction.Labels(
            "slow-disk", "Slow a disk", "Makes each write of a member take longer.", "member"),
        context,
        List.of(
            ActionParameter.member("member", "Member", "name the member whose disk gets slow"),
            ActionParameter.number("delayMs", "By ms", SLOW_MS, "milliseconds for each write")),
        call ->
            new DemoAction.Effect(
                "each write of %s takes %d ms longer"
                    .formatted(call.text("member"), call.number("delayMs")),
                Set.of(),
                call.number("delayMs") < 1 || call.number("delayMs") > SLOW_MS_MAX
                    ? "delayMs must be 1 to " + SLOW_MS_MAX
                    : unlessUp(member(call, "member"))),
        call -> {
          member(call, "member").slowDisk(call.number("delayMs"));
          return Future.succeededFuture(
              "each write of %s takes %d ms longer"
                  .formatted(call.text("member"), call.number("delayMs")));
        });
  }

  private ConsoleAction heal() {
    return new DemoAction(
        new DemoAction.Labels(
            "heal", "Heal", "Mends all links and disks; dead members stay dead.", "network"),
        context,
        List.of(),
        call ->
            new DemoAction.Effect(
                "every link passes messages again, and every disk is fast",
                Set.of(),
                cluster.up().stream().anyMatch(DemoMember::isImpaired)
                    ? null
                    : "no link is cut and no disk is slow"),
        call ->
            cluster
                .heal()
                .map(
                    dropped ->
                        String.format(
                            Locale.ROOT,
                            "links and disks are well again; %,d messages were lost",
                            dropped)));
  }
}
