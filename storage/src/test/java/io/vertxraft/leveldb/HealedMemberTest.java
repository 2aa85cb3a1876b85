package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Consistency;
import io.vertxraft.Member;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftException;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.LocalNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members on LevelDB, of which one loses its database while it is down. */
class HealedMemberTest {
  private static final int COMMANDS = 200;

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final LocalNetwork network = new LocalNetwork();
  private final Map<String, RaftNode> nodes = new TreeMap<>();
  private final Map<String, LevelDbStorage> storages = new LinkedHashMap<>();

  /** Counts what it is given; a query asks for the count. */
  private static final class Counter implements StateMachine {
    private long count;

    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      List<Buffer> replies = new ArrayList<>();
      batch.forEach(command -> replies.add(Buffer.buffer().appendLong(++count)));
      return Future.succeededFuture(replies);
    }

    @Override
    public Future<Buffer> query(Buffer query) {
      return Future.succeededFuture(Buffer.buffer().appendLong(count));
    }
  }

  @BeforeEach
  void startAll() throws Exception {
    for (String id : List.of("n1", "n2", "n3")) {
      start(id);
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (String id : List.copyOf(nodes.keySet())) {
      stop(id);
    }
    TestLog.await(vertx.close());
  }

  private Future<Void> start(String id) throws Exception {
    RaftOptions options = new RaftOptions().setNodeId(id).setElectionTimeoutMs(500);
    for (int i = 1; i <= 3; i++) {
      options.addMember(new Member("n" + i, "local", i));
    }
    LevelDbStorage storage =
        LevelDbStorage.create(TestLog.options(directory.resolve(id)).setFreeSpaceBytesMin(0));
    storages.put(id, storage);
    RaftNode node = RaftNode.create(vertx, options, new Counter(), storage, network.transport());
    Promise<Void> healed = Promise.promise();
    node.events()
        .handler(
            event -> {
              if (event.getType() == RaftEventType.DAMAGE_HEALED) {
                healed.tryComplete();
              }
            });
    TestLog.await(node.start());
    nodes.put(id, node);
    return healed.future();
  }

  private void stop(String id) throws Exception {
    TestLog.await(nodes.remove(id).close());
    TestLog.await(storages.remove(id).close());
  }

  /**
   * Brings the count to the given value. A leader steps down when a member comes back without what
   * it had confirmed, so an addition on its way at that moment has an unknown outcome: the count
   * tells.
   */
  private void addUpTo(long count, String id) throws Exception {
    while (count(id) < count) {
      try {
        retried(() -> nodes.get(id).apply(Buffer.buffer("add")));
      } catch (RaftException.Unknown decidedByTheCount) {
        // Asked next.
      }
    }
  }

  /** Sends it again while there is no leader, or the member is still catching up. */
  private <T> T retried(Supplier<Future<T>> call) throws Exception {
    while (true) {
      try {
        return TestLog.await(call.get());
      } catch (RaftException.Rejected rejected) {
        TestLog.await(vertx.timer(20, TimeUnit.MILLISECONDS));
      }
    }
  }

  @Test
  void aMemberWhoseDatabaseIsGoneIsGivenEverythingAgainAndStaysWhole() throws Exception {
    addUpTo(COMMANDS, "n1");
    stop("n2");
    Damages.deleteAll(directory.resolve("n2").resolve("db"));

    Future<Void> healed = start("n2");
    addUpTo(COMMANDS + 1L, "n1");
    TestLog.await(healed);
    assertThat(TestLog.await(nodes.get("n2").status()).getDamage()).isNull();
    assertThat(count("n2")).isEqualTo(COMMANDS + 1L);

    stop("n2");
    start("n2");
    assertThat(TestLog.await(nodes.get("n2").status()).getDamage()).as("healed for good").isNull();
    addUpTo(COMMANDS + 2L, "n2");
    assertThat(count("n2")).isEqualTo(COMMANDS + 2L);
  }

  private long count(String id) throws Exception {
    RaftNode node = nodes.get(id);
    return retried(() -> node.read(Consistency.LINEARIZABLE, Buffer.buffer("count"))).getLong(0);
  }
}
