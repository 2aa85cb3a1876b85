package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members with real storage and transport under a small load. */
@Timeout(60)
class DemoClusterTest {
  private static final int ELECTION_TIMEOUT_MS = 500;
  private static final int SNAPSHOT_ENTRIES = 40;
  private static final long RUN = 4_711;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final AckLedger ledger = new AckLedger();
  private final Outage outage = new Outage();
  private DemoCluster cluster;
  private LoadGenerator load;
  private LossCheck check;
  private long acknowledgementsWanted;
  private Promise<Void> acknowledged;

  @BeforeEach
  void start() throws Exception {
    List<Integer> ports = FreePorts.find(3);
    cluster =
        new DemoCluster(
            vertx,
            context,
            ELECTION_TIMEOUT_MS,
            new SnapshotOptions().setEntries(SNAPSHOT_ENTRIES).setRetainEntries(0),
            ports,
            id ->
                new DemoMember.Parts(
                    () ->
                        LevelDbStorage.create(
                            new LevelDbOptions().setDirectory(directory.resolve(id).toString())),
                    () -> GrpcTransport.create(vertx),
                    () -> new DemoStateMachine(RUN)));
    load = new LoadGenerator(vertx, cluster, ledger, RUN, 200, 64);
    load.ackHandler(
        sent -> {
          outage.acknowledged(sent, System.nanoTime());
          if (acknowledged != null && ledger.count() >= acknowledgementsWanted) {
            acknowledged.tryComplete();
          }
        });
    check = new LossCheck(cluster, ledger, false, 20_000);
    await(() -> cluster.start().compose(v -> cluster.whenLed()).onSuccess(v -> load.start()));
    await(() -> moreWrites(50));
  }

  @AfterEach
  void stop() {
    await(
        () -> {
          load.stop(() -> {});
          return cluster.stop();
        });
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aKilledLeaderTakesNoAcknowledgedWriteWithItAndComesBackWithAllOfThem() {
    DemoMember killed =
        await(
            () -> {
              outage.begin(System.nanoTime());
              return cluster.whenLed().compose(leader -> cluster.killLeader());
            });
    await(outage::over);
    LossCheck.Report afterKill = await(check::run);
    assertThat(afterKill.isGood()).as(afterKill.toString()).isTrue();
    assertThat(afterKill.acknowledged()).isGreaterThan(50);
    assertThat(afterKill.checkedOn()).hasSize(2).doesNotContain(killed.id());

    assertThat(await(cluster::restart)).containsExactly(killed);
    await(() -> moreWrites(50));
    LossCheck.Report afterRestart = await(check::run);
    assertThat(afterRestart.isGood()).as(afterRestart.toString()).isTrue();
    assertThat(afterRestart.checkedOn()).hasSize(3);
  }

  @Test
  void aMemberThatWasAwayForLongComesBackByASnapshotWithEveryWrite() {
    List<String> news = new CopyOnWriteArrayList<>();
    cluster.newsHandler(news::add);
    DemoMember killed = await(() -> cluster.whenLed().compose(leader -> cluster.killFollower()));
    // The killed member has nothing beyond this. Once the logs of the others begin later, it needs
    // a snapshot.
    final long last =
        await(() -> cluster.whenLed().compose(leader -> leader.node().status())).getLastIndex();
    do {
      await(() -> moreWrites(2 * SNAPSHOT_ENTRIES));
    } while (!logsBeginAfter(last + 1));

    assertThat(await(cluster::restart)).containsExactly(killed);
    LossCheck.Report report = await(check::run);

    assertThat(report.isGood()).as(report.toString()).isTrue();
    assertThat(report.checkedOn()).hasSize(3);
    // The check looks into the state, which is there before the member has verified all of it.
    RaftStatus returned = await(() -> killed.node().status());
    for (int i = 0; i < 100 && returned.getSnapshots().getInstalled() == 0; i++) {
      await(() -> moreWrites(20));
      returned = await(() -> killed.node().status());
    }
    assertThat(returned.getSnapshots().getInstalled()).isPositive();
    assertThat(news).anyMatch(line -> line.startsWith(killed.id() + " has taken over a snapshot"));
  }

  @Test
  void aLeaderThatIsCutOffIsReplacedAndAgreesAfterHealing() {
    DemoMember cut =
        await(
            () -> {
              outage.begin(System.nanoTime());
              return cluster.whenLed().compose(leader -> cluster.cutLeader());
            });
    await(outage::over);
    DemoMember next = await(cluster::whenLed);
    assertThat(next).isNotSameAs(cut);
    LossCheck.Report whileCut = await(check::run);
    assertThat(whileCut.isGood()).as(whileCut.toString()).isTrue();
    assertThat(whileCut.checkedOn()).hasSize(2).doesNotContain(cut.id());

    assertThat(await(cluster::heal)).isPositive();
    LossCheck.Report healed = await(check::run);
    assertThat(healed.isGood()).as(healed.toString()).isTrue();
    assertThat(healed.checkedOn()).hasSize(3);
  }

  @Test
  void theCheckFindsAWriteThatNoMemberHolds() {
    LossCheck.Report report =
        await(
            () -> {
              ledger.acknowledge(1_000_000, 1);
              return check.run();
            });
    assertThat(report.isWrong()).isTrue();
    assertThat(report.lost()).isEqualTo(1);
  }

  @Test
  void withoutAMajorityTheCheckDoesNotClaimThatAllIsWell() {
    await(cluster::killFollower);
    await(cluster::killFollower);
    LossCheck.Report report = await(check::run);
    assertThat(report.isConclusive()).isFalse();
    assertThat(report.isGood()).isFalse();
    assertThat(report.toString()).contains("cannot be checked: a majority is 2");
  }

  private boolean logsBeginAfter(long index) {
    return cluster.up().stream()
        .allMatch(member -> await(() -> member.node().status()).getFirstIndex() > index);
  }

  private Future<Void> moreWrites(int count) {
    acknowledgementsWanted = ledger.count() + count;
    acknowledged = Promise.promise();
    return acknowledged.future();
  }

  /** Runs the call where the demo's parts live, and waits for what comes of it. */
  private <T> T await(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    // Composed, so that a call that throws ends the wait, too.
    context.runOnContext(
        v -> Future.succeededFuture().compose(begun -> call.get()).onComplete(promise));
    return promise
        .future()
        .timeout(45, TimeUnit.SECONDS)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
