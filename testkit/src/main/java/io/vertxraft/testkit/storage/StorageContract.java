package io.vertxraft.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.RecoveredLog.TermRun;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.StorageWrite.LogStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RaftStorage} must do. Extend it, say how a storage is
 * created on a named place, and run it as a JUnit 5 test.
 */
public abstract class StorageContract extends StorageFixture {
  /** For implementations. */
  protected StorageContract() {}

  /** A group that was never written is empty, and still is after a restart. */
  @Test
  protected void aNewGroupIsEmptyAndStaysSo() throws Exception {
    for (int round = 0; round < 2; round++) {
      RaftStorage storage = storage("a");
      assertThat(open(storage, GROUP).recovered()).isEqualTo(RecoveredLog.empty());
      await(storage.close());
    }
  }

  /** what was acknowledged is there after a restart. */
  @Test
  protected void entriesAndHardStateSurviveAReopen() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, new StorageWrite(new HardState(3, "n2"), 0, entries(GROUP, 1, 4, 2, 10)));
    write(group, append(GROUP, 5, 7, 3));
    await(storage.close());

    GroupStorage again = open(storage("a"), GROUP);
    assertThat(again.recovered())
        .isEqualTo(
            new RecoveredLog(
                new HardState(3, "n2"),
                1,
                7,
                0,
                List.of(new TermRun(1, 2), new TermRun(5, 3)),
                Health.OK));
    List<LogEntry> expected = entries(GROUP, 1, 4, 2, 10);
    expected.addAll(entries(GROUP, 5, 7, 3, 10));
    assertThat(read(again, 1, 7, Long.MAX_VALUE)).isEqualTo(expected);
  }

  /** a vote is durable without any entry, and can be taken back by a later term. */
  @Test
  protected void hardStateAloneSurvivesAReopen() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, new StorageWrite(new HardState(4, "n3"), 0, List.of()));
    await(storage.close());

    RaftStorage second = storage("a");
    group = open(second, GROUP);
    assertThat(group.recovered().hardState()).isEqualTo(new HardState(4, "n3"));
    write(group, new StorageWrite(new HardState(5, null), 0, List.of()));
    await(second.close());

    assertThat(open(storage("a"), GROUP).recovered().hardState()).isEqualTo(new HardState(5, null));
  }

  /** A conflicting suffix goes and its replacement comes in the same write. */
  @Test
  protected void truncationAndAppendAreOneWrite() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, append(GROUP, 1, 10, 1));
    write(group, new StorageWrite(new HardState(2, null), 4, entries(GROUP, 4, 6, 2, 10)));
    assertThat(read(group, 3, 6, Long.MAX_VALUE).stream().map(LogEntry::term))
        .containsExactly(1L, 2L, 2L, 2L);
    await(storage.close());

    GroupStorage again = open(storage("a"), GROUP);
    assertThat(again.recovered().lastIndex()).isEqualTo(6);
    assertThat(again.recovered().termRuns()).containsExactly(new TermRun(1, 1), new TermRun(4, 2));
    List<LogEntry> expected = entries(GROUP, 1, 3, 1, 10);
    expected.addAll(entries(GROUP, 4, 6, 2, 10));
    assertThat(read(again, 1, 6, Long.MAX_VALUE)).isEqualTo(expected);
  }

  /** A truncation may take everything, and appending goes on after it. */
  @Test
  protected void aLogCanBeTruncatedToNothingAndWrittenAgain() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, append(GROUP, 1, 5, 1));
    write(group, new StorageWrite(null, 1, List.of()));
    await(storage.close());

    RaftStorage second = storage("a");
    group = open(second, GROUP);
    assertThat(group.recovered()).isEqualTo(RecoveredLog.empty());
    write(group, append(GROUP, 1, 2, 7));
    await(second.close());

    RecoveredLog recovered = open(storage("a"), GROUP).recovered();
    assertThat(recovered.lastIndex()).isEqualTo(2);
    assertThat(recovered.termRuns()).containsExactly(new TermRun(1, 7));
  }

  /** Writes need not wait for each other, even when a later one truncates an earlier one. */
  @Test
  protected void writesThatAreQueuedTogetherTakeEffectInOrder() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    on(
        context(),
        () -> {
          group.write(append(GROUP, 1, 8, 1));
          group.write(new StorageWrite(null, 3, entries(GROUP, 3, 4, 2, 10)));
          group.write(append(GROUP, 5, 5, 2));
          return group.write(new StorageWrite(null, 5, entries(GROUP, 5, 6, 3, 10)));
        });
    await(storage.close());

    GroupStorage again = open(storage("a"), GROUP);
    assertThat(again.recovered().lastIndex()).isEqualTo(6);
    assertThat(again.recovered().termRuns())
        .containsExactly(new TermRun(1, 1), new TermRun(3, 2), new TermRun(5, 3));
  }

  /** The front of a log goes, and the term before its new start stays known. */
  @Test
  protected void theFrontOfALogCanBeCutOff() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, append(GROUP, 1, 100, 1));
    write(group, append(GROUP, 101, 200, 2));
    on(context(), () -> group.truncatePrefix(151));
    on(context(), () -> group.truncatePrefix(51));
    assertThat(read(group, 151, 200, Long.MAX_VALUE)).isEqualTo(entries(GROUP, 151, 200, 2, 10));
    assertRefused(() -> read(group, 150, 160, Long.MAX_VALUE));
    assertRefused(() -> write(group, new StorageWrite(null, 150, List.of())));
    assertRefused(() -> on(context(), () -> group.truncatePrefix(202)));
    write(group, new StorageWrite(null, 181, entries(GROUP, 181, 190, 3, 10)));
    await(storage.close());

    RaftStorage second = storage("a");
    GroupStorage again = open(second, GROUP);
    assertThat(again.recovered())
        .isEqualTo(
            new RecoveredLog(
                HardState.INITIAL,
                151,
                190,
                2,
                List.of(new TermRun(151, 2), new TermRun(181, 3)),
                Health.OK));
    List<LogEntry> expected = entries(GROUP, 151, 180, 2, 10);
    expected.addAll(entries(GROUP, 181, 190, 3, 10));
    assertThat(read(again, 151, 190, Long.MAX_VALUE)).isEqualTo(expected);
    on(context(), () -> again.truncatePrefix(191));
    await(second.close());

    assertThat(open(storage("a"), GROUP).recovered())
        .as("nothing is left but what is needed to go on")
        .isEqualTo(new RecoveredLog(HardState.INITIAL, 191, 190, 3, List.of(), Health.OK));
  }

  /** A cut waits its turn among the writes, and appending goes on after it. */
  @Test
  protected void cuttingTheFrontKeepsItsPlaceAmongTheWrites() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    on(
        context(),
        () -> {
          group.write(append(GROUP, 1, 70, 1));
          group.truncatePrefix(60);
          group.write(new StorageWrite(null, 65, entries(GROUP, 65, 66, 2, 10)));
          group.truncatePrefix(66);
          return group.write(append(GROUP, 67, 67, 2));
        });
    await(storage.close());

    GroupStorage again = open(storage("a"), GROUP);
    assertThat(again.recovered())
        .isEqualTo(
            new RecoveredLog(HardState.INITIAL, 66, 67, 2, List.of(new TermRun(66, 2)), Health.OK));
    assertThat(read(again, 66, 67, Long.MAX_VALUE)).isEqualTo(entries(GROUP, 66, 67, 2, 10));
  }

  /** A snapshot from elsewhere takes the place of the whole log, whatever it held. */
  @Test
  protected void aWholeLogCanBeReplacedByANewStart() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, append(GROUP, 1, 30, 1));
    write(group, new StorageWrite(new HardState(7, "n3"), new LogStart(501, 6), 0, List.of()));
    assertRefused(() -> read(group, 30, 30, 100));
    assertRefused(() -> write(group, append(GROUP, 501, 501, 5)));
    assertRefused(() -> write(group, append(GROUP, 31, 31, 7)));
    write(group, append(GROUP, 501, 502, 7));
    await(storage.close());

    RaftStorage second = storage("a");
    GroupStorage again = open(second, GROUP);
    assertThat(again.recovered())
        .isEqualTo(
            new RecoveredLog(
                new HardState(7, "n3"), 501, 502, 6, List.of(new TermRun(501, 7)), Health.OK));
    write(again, new StorageWrite(null, new LogStart(11, 2), 0, entries(GROUP, 11, 12, 3, 10)));
    await(second.close());

    GroupStorage third = open(storage("a"), GROUP);
    assertThat(third.recovered().firstIndex()).isEqualTo(11);
    assertThat(third.recovered().prevTerm()).isEqualTo(2);
    assertThat(read(third, 11, 12, Long.MAX_VALUE)).isEqualTo(entries(GROUP, 11, 12, 3, 10));
  }

  /** A healthy group has nothing to forget, and says so at once. */
  @Test
  protected void aHealthyGroupCanBeCalledHealed() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, append(GROUP, 1, 3, 1));
    on(context(), group::healed);
    assertThat(group.room().low()).isFalse();
    await(storage.close());
    assertThat(open(storage("a"), GROUP).recovered().health()).isEqualTo(Health.OK);
  }

  /** A log whose snapshot is lost is given up whole, but never what the member has promised. */
  @Test
  protected void aLogThatIsGivenUpIsEmptyAndDamagedUntilItIsHealed() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, new StorageWrite(new HardState(7, "n3"), new LogStart(501, 6), 0, List.of()));
    write(group, append(GROUP, 501, 510, 7));
    on(context(), () -> group.discardDamaged("the snapshot before entry 501 is lost"));
    assertRefused(() -> read(group, 501, 510, 100));
    await(storage.close());

    RaftStorage second = storage("a");
    GroupStorage again = open(second, GROUP);
    RecoveredLog found = again.recovered();
    assertThat(found.health().damaged()).isTrue();
    assertThat(found.health().detail()).isNotEmpty();
    assertThat(found)
        .isEqualTo(new RecoveredLog(new HardState(7, "n3"), 1, 0, 0, List.of(), found.health()));
    on(
        context(),
        () -> {
          again.write(
              new StorageWrite(null, new LogStart(601, 7), 0, entries(GROUP, 601, 602, 8, 9)));
          return again.healed();
        });
    await(second.close());

    assertThat(open(storage("a"), GROUP).recovered())
        .isEqualTo(
            new RecoveredLog(
                new HardState(7, "n3"), 601, 602, 7, List.of(new TermRun(601, 8)), Health.OK));
  }

  /** A read stops before its byte budget is exceeded but always moves on. */
  @Test
  protected void readsAreBoundedInBytesButReturnAtLeastOneEntry() throws Exception {
    GroupStorage group = open(storage("a"), GROUP);
    List<LogEntry> all = entries(GROUP, 1, 20, 1, 76);
    write(group, new StorageWrite(null, 0, all));
    int size = all.get(0).encodedBytes();

    assertThat(read(group, 1, 20, 3L * size)).isEqualTo(all.subList(0, 3));
    assertThat(read(group, 1, 20, 3L * size + size - 1)).isEqualTo(all.subList(0, 3));
    assertThat(read(group, 5, 20, 1)).isEqualTo(all.subList(4, 5));
    assertThat(read(group, 18, 19, Long.MAX_VALUE)).isEqualTo(all.subList(17, 19));
    assertThat(read(group, 20, 20, Long.MAX_VALUE)).isEqualTo(all.subList(19, 20));
  }

  /** A large log comes back whole, piece by piece. */
  @Test
  protected void aLargeLogIsReadBackInPieces() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    int count = 5_000;
    on(
        context(),
        () -> {
          Future<Void> last = null;
          for (int from = 1; from <= count; from += 100) {
            last =
                group.write(new StorageWrite(null, 0, entries(GROUP, from, from + 99, 1, 1_000)));
          }
          return last;
        });
    await(storage.close());

    GroupStorage again = open(storage("a"), GROUP);
    long next = 1;
    while (next <= count) {
      List<LogEntry> piece = read(again, next, count, 256 * 1024);
      assertThat(piece).isEqualTo(entries(GROUP, next, next + piece.size() - 1, 1, 1_000));
      next += piece.size();
    }
    assertThat(next).isEqualTo(count + 1);
  }

  /** completions come in the order of the calls, on the context. */
  @Test
  protected void completionsComeInOrderOnTheContext() throws Exception {
    GroupStorage group = open(storage("a"), GROUP);
    int count = 2_000;
    List<Integer> order = new ArrayList<>();
    List<Thread> callers = new ArrayList<>();
    on(
        context(),
        () -> {
          callers.add(Thread.currentThread());
          Future<Void> last = null;
          for (int i = 1; i <= count; i++) {
            int index = i;
            last =
                group
                    .write(append(GROUP, i, i, 1))
                    .onSuccess(
                        v -> {
                          order.add(index);
                          if (callers.get(callers.size() - 1) != Thread.currentThread()) {
                            callers.add(Thread.currentThread());
                          }
                        });
          }
          return last;
        });
    List<Integer> seen = new ArrayList<>();
    on(
        context(),
        () -> {
          seen.addAll(order);
          return Future.succeededFuture();
        });
    assertThat(seen).hasSize(count).isSorted();
    assertThat(callers).as("threads that completed writes").hasSize(1);
  }

  /** groups share the storage and nothing else. */
  @Test
  protected void groupsOfOneStorageAreIsolated() throws Exception {
    GroupIdentity other = new GroupIdentity(CLUSTER, "g2", NODE);
    RaftStorage storage = storage("a");
    GroupStorage first = open(storage, GROUP);
    GroupStorage second = open(storage, other);
    write(first, new StorageWrite(new HardState(1, "n1"), 0, entries(GROUP, 1, 5, 1, 10)));
    write(second, new StorageWrite(new HardState(9, "n2"), 0, entries(other, 1, 3, 8, 10)));
    write(first, new StorageWrite(null, 2, List.of()));
    await(storage.close());

    RaftStorage again = storage("a");
    GroupStorage firstAgain = open(again, GROUP);
    GroupStorage secondAgain = open(again, other);
    assertThat(firstAgain.recovered().lastIndex()).isEqualTo(1);
    assertThat(firstAgain.recovered().hardState()).isEqualTo(new HardState(1, "n1"));
    assertThat(secondAgain.recovered().lastIndex()).isEqualTo(3);
    assertThat(secondAgain.recovered().hardState()).isEqualTo(new HardState(9, "n2"));
    assertThat(read(secondAgain, 1, 3, Long.MAX_VALUE)).isEqualTo(entries(other, 1, 3, 8, 10));
  }

  /** Closing a storage finishes what was accepted before. */
  @Test
  protected void closingFinishesPendingWrites() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    List<Future<Void>> writes = new ArrayList<>();
    on(
        context(),
        () -> {
          for (int i = 1; i <= 500; i++) {
            writes.add(group.write(append(GROUP, i, i, 1)));
          }
          return storage.close();
        });
    for (Future<Void> write : writes) {
      await(write);
    }
    assertThat(open(storage("a"), GROUP).recovered().lastIndex()).isEqualTo(500);
  }

  /** After close everything fails, and closing again does not. */
  @Test
  protected void callsAfterCloseFail() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    write(group, append(GROUP, 1, 1, 1));
    await(storage.close());
    await(storage.close());

    assertThat(failure(() -> write(group, append(GROUP, 2, 2, 1))).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(() -> read(group, 1, 1, 100)).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(() -> open(storage, GROUP)).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(() -> on(context(), () -> group.truncatePrefix(2))).kind())
        .isEqualTo(Kind.CLOSED);
    assertThat(failure(() -> on(context(), group::healed)).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(() -> on(context(), () -> group.discardDamaged("lost"))).kind())
        .isEqualTo(Kind.CLOSED);
    on(context(), group::close);
  }

  /** A closed group fails its calls and can be opened again on the same storage. */
  @Test
  protected void aGroupCanBeClosedAndOpenedAgain() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    on(
        context(),
        () -> {
          group.write(append(GROUP, 1, 3, 1));
          return group.close();
        });
    on(context(), group::close);
    assertThat(failure(() -> write(group, append(GROUP, 4, 4, 1))).kind()).isEqualTo(Kind.CLOSED);

    GroupStorage again = open(storage, GROUP);
    assertThat(again.recovered().lastIndex()).isEqualTo(3);
    write(again, append(GROUP, 4, 4, 1));
  }

  /** data is opened by its owner only. */
  @Test
  protected void anotherOwnerIsRefusedAndChangesNothing() throws Exception {
    RaftStorage storage = storage("a");
    write(open(storage, GROUP), append(GROUP, 1, 3, 1));
    await(storage.close());

    for (GroupIdentity stranger :
        List.of(
            new GroupIdentity("other-cluster", "g1", NODE),
            new GroupIdentity(CLUSTER, "g1", "n9"))) {
      StorageException refusal = failure(() -> open(storage("a"), stranger));
      assertThat(refusal.kind()).isEqualTo(Kind.WRONG_OWNER);
      assertThat(refusal).hasMessageContaining(CLUSTER).hasMessageContaining(NODE);
      assertThat(refusal)
          .hasMessageContaining(stranger.clusterId())
          .hasMessageContaining(stranger.nodeId());
    }
    assertThat(open(storage("a"), GROUP).recovered().lastIndex()).isEqualTo(3);
  }

  /** two lists of voters have majorities without a common member. */
  @Test
  protected void theVotersAGroupBeganWithAreKnownAgain() throws Exception {
    Set<String> voters = Set.of("n1", "n2", "n3");
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    on(context(), () -> group.requireVoters(voters));
    write(group, append(GROUP, 1, 3, 1));
    await(storage.close());

    RaftStorage second = storage("a");
    GroupStorage again = open(second, GROUP);
    StorageException refusal =
        failure(() -> on(context(), () -> again.requireVoters(Set.of("n1", "n2"))));
    assertThat(refusal.kind()).isEqualTo(Kind.WRONG_OWNER);
    assertThat(refusal).hasMessageContaining("[n1, n2, n3]").hasMessageContaining("[n1, n2]");
    on(context(), () -> again.requireVoters(voters));
    await(second.close());

    assertThat(open(storage("a"), GROUP).recovered().lastIndex()).isEqualTo(3);
  }

  /** not even the same owner opens data twice at a time. */
  @Test
  protected void aStorageOpenedTwiceIsRefused() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    assertThat(failure(() -> open(storage("a"), GROUP)).kind()).isEqualTo(Kind.LOCKED);
    assertThat(failure(() -> open(storage, GROUP)).kind()).isEqualTo(Kind.LOCKED);
    write(group, append(GROUP, 1, 1, 1));
  }
}
