package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.grpc.GrpcTransportOptions;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs the demo: starts the members, keeps the load and the status line going, carries out actions
 * and tells what came of them. All its state is confined to the verticle's context.
 */
final class Demo extends VerticleBase {
  private static final long FIRST_LEADER_TIMEOUT_MS = 30_000;
  private static final long LEADER_NEWS_TIMEOUT_MS = 1_000;
  private static final long CHECK_TIMEOUT_MS = 10_000;
  private static final long OUTAGE_TIMEOUT_MS = 15_000;
  private static final long DRAIN_TIMEOUT_MS = 3_000;
  private static final int LOAD_FIRST = 100;
  private static final int LOAD_LAST = 25;

  private final DemoOptions options;
  private final Environment environment;
  private final AckLedger ledger = new AckLedger();
  private final Outage outage = new Outage();
  private final Promise<Integer> ended = Promise.promise();
  private DemoCluster cluster;
  private LoadGenerator load;
  private LossCheck lossCheck;
  private ConsoleHost console;
  private Screen screen;
  private StatusReporter status;
  private String outageCause = "";
  private boolean wrong;
  private boolean everLed;
  private Future<Void> actions = Future.succeededFuture();
  private boolean ending;
  private volatile boolean interrupted;
  private volatile boolean begun;

  /**
   * Where the demo runs.
   *
   * @param data parent of the members' data directories
   * @param ports where the members listen for each other, one per member
   * @param out takes what is printed
   * @param terminal whether {@code out} is a terminal
   * @param keys whether somebody can press keys
   * @param colors whether a terminal may be given colours
   * @param columns how long a status line may be
   * @param earlierData whether the members' data directories hold what an earlier run wrote
   * @param startedMs when the process started, in milliseconds since the epoch
   */
  record Environment(
      Path data,
      List<Integer> ports,
      PrintStream out,
      boolean terminal,
      boolean keys,
      boolean colors,
      int columns,
      boolean earlierData,
      long startedMs) {}

  Demo(DemoOptions options, Environment environment) {
    this.options = options;
    this.environment = environment;
  }

  /** Completes with the exit code when everything is closed. */
  Future<Integer> ended() {
    return ended.future();
  }

  /** Where browsers find the console, once the demo has started. */
  String consoleAddress() {
    return console.address();
  }

  /** Ends the demo as soon as it has started; on any thread. */
  void interrupt() {
    interrupted = true;
    if (begun) {
      context.runOnContext(v -> end(false));
    }
  }

  @Override
  public Future<?> start() {
    long runId = new SplittableRandom().nextLong();
    cluster =
        new DemoCluster(
            vertx,
            context,
            options.electionTimeoutMs(),
            options.snapshots(),
            environment.ports(),
            id ->
                new DemoMember.Parts(
                    () -> LevelDbStorage.create(new LevelDbOptions().setDirectory(directory(id))),
                    () -> GrpcTransport.create(vertx, transportOptions()),
                    () -> new DemoStateMachine(runId)));
    load = new LoadGenerator(vertx, cluster, ledger, runId, options.load(), options.valueBytes());
    lossCheck = new LossCheck(cluster, ledger, environment.earlierData(), CHECK_TIMEOUT_MS);
    console = new ConsoleHost(vertx, cluster, new DemoActions(this, cluster, context).all());
    screen = new Screen(vertx, environment.out(), environment.terminal(), environment.colors());
    load.ackHandler(sent -> outage.acknowledged(sent, System.nanoTime()));
    outage.endHandler(this::outageEnded);
    cluster.newsHandler(screen::print);
    // The console comes second: it gets ready while the members wait for their first election.
    return cluster
        .start()
        .compose(v -> console.listen(options.port()))
        .onSuccess(v -> begin())
        .recover(cause -> close().transform(closed -> Future.failedFuture(cause)));
  }

  /** A member that comes back is to be heard before it thinks that there is no leader. */
  private GrpcTransportOptions transportOptions() {
    long delayMaxMs =
        Math.max(
            GrpcTransportOptions.DEFAULT_RECONNECT_DELAY_MIN_MS, options.electionTimeoutMs() / 2);
    return new GrpcTransportOptions().setReconnectDelayMaxMs(delayMaxMs);
  }

  private String directory(String id) {
    return environment.data().resolve(id).toString();
  }

  private void begin() {
    cluster.changeHandler(this::membersChanged);
    console.update();
    screen.print(
        "members up: %d, data in %s%n".formatted(cluster.members().size(), environment.data())
            + "console %s".formatted(console.address()));
    status =
        new StatusReporter(vertx, cluster, load, console.address(), screen, environment.columns());
    status.start();
    begun = true;
    if (interrupted) {
      end(false);
      return;
    }
    if (options.seconds() > 0) {
      vertx.setTimer(TimeUnit.SECONDS.toMillis(options.seconds()), id -> end(true));
    }
    cluster
        .whenLed()
        .timeout(FIRST_LEADER_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .onSuccess(this::firstLeader)
        .onFailure(
            cause -> {
              wrong = true;
              screen.print("no leader within %d ms".formatted(FIRST_LEADER_TIMEOUT_MS));
              end(false);
            });
  }

  private void firstLeader(DemoMember leader) {
    everLed = true;
    screen.print(
        String.format(
            Locale.ROOT,
            "%s leads term %d, %,d ms after the start of the process",
            leader.id(),
            cluster.term(),
            System.currentTimeMillis() - environment.startedMs()));
    if (environment.keys()) {
      screen.print("keys:" + System.lineSeparator() + Action.help());
    }
    load.start();
    Script script = options.script();
    if (script != null) {
      for (Script.Step step : script.steps()) {
        vertx.setTimer(Math.max(1, step.atMs()), id -> perform(step.action()));
      }
      long lastMs = script.steps().get(script.steps().size() - 1).atMs();
      vertx.setTimer(lastMs + 1, id -> end(true));
    }
  }

  /** Carries out an action; on the demo's context. */
  void perform(Action action) {
    if (ending) {
      return;
    }
    switch (action) {
      case KILL_LEADER -> killLeader();
      case KILL_FOLLOWER -> killFollower();
      case RESTART -> restart();
      case CUT_LEADER -> cutLeader();
      case HEAL -> heal();
      case LOAD_UP -> setLoad(Math.max(LOAD_FIRST, load.rate() * 2));
      case LOAD_DOWN -> setLoad(load.rate() / 2 < LOAD_LAST ? 0 : load.rate() / 2);
      case VERIFY -> check();
      case HELP -> screen.print(Action.help());
      case QUIT -> end(true);
    }
  }

  /** Carries out the action of a key; on any thread. */
  void keyPressed(int key) {
    context.runOnContext(v -> Action.ofKey(key).ifPresent(this::perform));
  }

  private void membersChanged() {
    outage.majority(cluster.hasMajority(), System.nanoTime());
    console.update();
  }

  private void killLeader() {
    leaderGone(cluster::killLeader, "killed");
  }

  /** Kills a member, as the console asks; on the demo's context. */
  Future<String> kill(DemoMember member) {
    String id = member.id();
    if (cluster.leader().filter(member::equals).isPresent()) {
      return leaderGone(cluster::killLeader, "killed").map(id + ", the leader, was killed");
    }
    Future<DemoMember> gone = cluster.kill(member);
    underWay(gone);
    screen.print("%s was killed%s".formatted(id, majorityHint()));
    return gone.map(id + " was killed" + majorityHint());
  }

  /** Starts a member that is down, as the console asks; on the demo's context. */
  Future<String> restart(DemoMember member) {
    long began = System.nanoTime();
    return cluster
        .revive(member)
        .onSuccess(started -> restarted(started, began))
        .map(member.id() + " runs again, from its data");
  }

  private void cutLeader() {
    leaderGone(cluster::cutLeader, "cut off from the others");
  }

  private Future<DemoMember> leaderGone(Supplier<Future<DemoMember>> action, String what) {
    Optional<DemoMember> leader = cluster.leader();
    long began = System.nanoTime();
    Future<DemoMember> gone = action.get();
    underWay(gone.onFailure(cause -> screen.print(cause.getMessage())));
    if (leader.isPresent() && !gone.failed()) {
      outageCause =
          "%s, leader of term %d, was %s".formatted(leader.get().id(), cluster.term(), what);
      screen.print(outageCause + majorityHint());
      outage.begin(began);
      load.probing(true);
    }
    return gone;
  }

  private String majorityHint() {
    return cluster.hasMajority()
        ? ""
        : "; what is left is no majority, which is %d of %d: nothing is served until r or h"
            .formatted(cluster.majority(), cluster.members().size());
  }

  private void outageEnded(long durationMs) {
    load.probing(false);
    String cause = outageCause;
    String counted = outage.isDelayed() ? " from when a majority was there again" : "";
    // The first acknowledgement may arrive a moment before the news of who leads.
    cluster
        .whenLed()
        .timeout(LEADER_NEWS_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .map(leader -> "%s leads term %d".formatted(leader.id(), cluster.term()))
        .otherwise("another member leads")
        .onSuccess(
            news ->
                screen.print(
                    String.format(
                        Locale.ROOT,
                        "fail-over took %,d ms%s: %s; %s and acknowledges new writes",
                        durationMs,
                        counted,
                        cause,
                        news)))
        .onSuccess(printed -> check());
  }

  private void killFollower() {
    underWay(
        cluster
            .killFollower()
            .onSuccess(
                member ->
                    screen.print(
                        "%s, a follower, was killed%s".formatted(member.id(), majorityHint())))
            .onFailure(cause -> screen.print(cause.getMessage())));
  }

  /** The end waits for what has been begun, and for what is said of it. */
  private void underWay(Future<?> action) {
    actions = actions.transform(before -> action.mapEmpty());
  }

  private void restart() {
    long began = System.nanoTime();
    cluster
        .restart()
        .onSuccess(members -> members.forEach(member -> restarted(member, began)))
        .onFailure(cause -> screen.print(cause.getMessage()));
  }

  private void restarted(DemoMember member, long began) {
    screen.print("%s runs again, from its data".formatted(member.id()));
    long index = ledger.indexMax();
    member
        .stateMachine()
        .reached(index)
        .onSuccess(
            v ->
                screen.print(
                    String.format(
                        Locale.ROOT,
                        "%s has caught up to index %,d, %,d ms after its start",
                        member.id(),
                        index,
                        (System.nanoTime() - began) / 1_000_000)));
  }

  private void heal() {
    cluster
        .heal()
        .onSuccess(
            dropped ->
                screen.print(
                    String.format(
                        Locale.ROOT,
                        "network and disks are well again; %,d messages were dropped",
                        dropped)))
        .onFailure(cause -> screen.print(cause.getMessage()));
  }

  private void setLoad(int rate) {
    load.rate(Math.min(rate, DemoOptions.LOAD_MAX));
    screen.print(String.format(Locale.ROOT, "load is now %,d writes/s", load.rate()));
  }

  private Future<LossCheck.Report> check() {
    return lossCheck
        .run()
        .onSuccess(
            report -> {
              wrong |= report.isWrong();
              Ansi color = report.isGood() ? Ansi.GREEN : Ansi.RED;
              screen.print(color.paint(report.toString(), screen.colors()));
            });
  }

  /**
   * Ends the demo once.
   *
   * @param patient whether a fail-over that goes on is waited for, and a check that tells nothing
   *     is a failure
   */
  private void end(boolean patient) {
    if (ending) {
      return;
    }
    ending = true;
    actions
        .transform(
            done ->
                patient && cluster.hasMajority()
                    ? outage
                        .over()
                        .timeout(OUTAGE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .otherwiseEmpty()
                    : Future.<Void>succeededFuture())
        .compose(v -> drain())
        .compose(v -> check())
        .onSuccess(report -> summarize(report, patient))
        .transform(done -> close())
        .onComplete(done -> ended.complete(wrong ? 1 : 0));
  }

  private Future<Void> drain() {
    Promise<Void> idle = Promise.promise();
    load.stop(idle::tryComplete);
    return idle.future().timeout(DRAIN_TIMEOUT_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private void summarize(LossCheck.Report report, boolean patient) {
    wrong |= patient && !(report.isConclusive() && everLed);
    if (!everLed) {
      screen.print("the group never had a leader");
    }
    LoadGenerator.Counts counts = load.counts();
    List<Long> outages = outage.durationsMs();
    String failovers =
        outages.isEmpty()
            ? ""
            : " (" + String.join(", ", outages.stream().map(ms -> ms + " ms").toList()) + ")";
    screen.print(
        String.format(
            Locale.ROOT,
            "acknowledged %,d, lost %s, fail-overs %d%s; without acknowledgement: %,d rejected,"
                + " %,d unknown, %,d failed, %,d not sent",
            counts.acknowledged(),
            report.isConclusive() || report.lost() > 0
                ? String.valueOf(report.lost())
                : "not known",
            outages.size(),
            failovers,
            counts.rejected(),
            counts.unknown(),
            counts.failed(),
            counts.shed()));
  }

  private Future<Void> close() {
    if (status != null) {
      status.stop();
    }
    return console.close().transform(done -> cluster.stop()).transform(done -> screen.close());
  }
}
