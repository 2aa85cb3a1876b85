package io.vertxraft.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SnapshotStorage} must do. Extend it, say how a storage is
 * created on a named place, and run it as a JUnit 5 test.
 */
public abstract class SnapshotContract extends SnapshotFixture {
  /** For implementations. */
  protected SnapshotContract() {}

  /** what was saved is published with lengths and checksums, and is there after a restart. */
  @Test
  protected void whatWasSavedIsListedAndReadBackAlsoAfterARestart() throws Exception {
    RaftStorage storage = storage("a");
    SnapshotStorage snapshots = snapshots(storage, GROUP);
    SnapshotManifest published = save(snapshots, 42, someFiles(1));
    List<SnapshotFile> files = new ArrayList<>();
    for (Map.Entry<String, Buffer> file : someFiles(1).entrySet()) {
      Buffer content = file.getValue();
      files.add(new SnapshotFile(file.getKey(), content.length(), sha256(content)));
    }
    assertThat(published).isEqualTo(head(42).withFiles(files));
    assertThat(contents(snapshots, 42)).isEqualTo(someFiles(1));
    await(storage.close());

    SnapshotStorage again = snapshots("a");
    assertThat(listed(again)).containsExactly(42L);
    StoredSnapshot opened = openSnapshot(again, 42);
    assertThat(opened.manifest()).isEqualTo(published);
    assertThat(readAll(opened)).isEqualTo(someFiles(1));
    on(context(), opened::close);
  }

  /** the newest is the one with the highest index, whenever it was published. */
  @Test
  protected void theNewestIsListedFirst() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    SnapshotStorage snapshots = group.snapshots();
    assertThat(listed(snapshots)).isEmpty();
    for (long index : List.of(9L, 1_000L, 70L)) {
      save(snapshots, index, Map.of("state", content((int) index, 10)));
    }
    assertThat(listed(snapshots)).containsExactly(1_000L, 70L, 9L);
    assertThat(group.snapshots()).isSameAs(snapshots);
    await(storage.close());
    assertThat(listed(snapshots("a"))).containsExactly(1_000L, 70L, 9L);
  }

  /** Nobody sees a draft, and one of our own leaves nothing when it is given up. */
  @Test
  protected void aDraftIsNotSeenBeforeItIsPublished() throws Exception {
    RaftStorage storage = storage("a");
    SnapshotStorage snapshots = snapshots(storage, GROUP);
    for (int round = 0; round < 3; round++) {
      SnapshotDraft draft = save(snapshots, head(5));
      assertThat(draft.bytes("state")).as("nothing is left of an earlier draft").isZero();
      append(draft, "state", content(1, 100));
      append(draft, "other" + round, content(1, 100));
      assertThat(draft.bytes("state")).isEqualTo(100);
      assertThat(listed(snapshots)).isEmpty();
      if (round < 2) {
        Supplier<Future<Void>> end = round == 0 ? draft::discard : draft::close;
        on(context(), end);
        on(context(), end);
      }
    }
    await(storage.close());

    SnapshotStorage again = snapshots("a");
    assertThat(listed(again)).isEmpty();
    SnapshotManifest published = save(again, 5, Map.of("state", content(2, 10)));
    assertThat(published.files()).extracting(SnapshotFile::name).containsExactly("state");
  }

  /** Files may be written at the same time, deflated or not, without waiting for each append. */
  @Test
  protected void appendsAreCarriedOutInTheOrderOfTheCalls() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    SnapshotDraft draft = save(snapshots, head(7));
    Map<String, Buffer> written = new LinkedHashMap<>();
    on(
        context(),
        () -> {
          Future<Void> last = null;
          for (int i = 0; i < 60; i++) {
            String file = i % 3 == 0 ? "second" : i == 1 ? "first" : "dir/third";
            Buffer content = content(i, 500);
            last =
                draft.append(
                    file, i % 2 == 0 ? SnapshotChunk.deflate(content) : SnapshotChunk.of(content));
            written.computeIfAbsent(file, name -> Buffer.buffer()).appendBuffer(content);
          }
          return last;
        });
    assertThat(publish(draft).files())
        .as("in the order in which they were begun")
        .extracting(SnapshotFile::name)
        .containsExactly("second", "first", "dir/third");
    assertThat(contents(snapshots, 7)).isEqualTo(written);
  }

  /** A state may be nothing but its manifest. */
  @Test
  protected void aSnapshotMayHaveNoFiles() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    assertThat(save(snapshots, 3, Map.of())).isEqualTo(head(3));
    assertThat(contents(snapshots, 3)).isEmpty();
  }

  /** Only names that stay within the snapshot are taken. */
  @Test
  protected void namesThatLeadOutOfTheSnapshotAreRefused() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    SnapshotDraft draft = save(snapshots, head(3));
    for (String name : List.of("../state", "/state", "a/../b", ".hidden", "a//b", "")) {
      assertRefused(() -> append(draft, name, content(1, 1)));
    }
    assertRefused(() -> save(snapshots("b"), head(3).withFiles(files(Map.of("a", content(1, 1))))));
  }

  /** an index is published once; what comes later is dropped. */
  @Test
  protected void aPublishedSnapshotIsNeverReplaced() throws Exception {
    RaftStorage storage = storage("a");
    SnapshotStorage snapshots = snapshots(storage, GROUP);
    SnapshotManifest first = save(snapshots, 42, someFiles(1));
    assertThat(save(snapshots, 42, someFiles(2))).isEqualTo(first);
    SnapshotManifest other = head(42).withFiles(files(someFiles(3)));
    SnapshotDraft received = receive(snapshots, other);
    complete(received, someFiles(3), 4_000);
    assertThat(publish(received)).isEqualTo(first);
    assertThat(listed(snapshots)).containsExactly(42L);
    assertThat(contents(snapshots, 42)).isEqualTo(someFiles(1));
    await(storage.close());
    assertThat(contents(snapshots("a"), 42)).isEqualTo(someFiles(1));
  }

  /** who reads a snapshot can read it to the end. */
  @Test
  protected void anOpenSnapshotIsNotDeletedButNotListedAnyMore() throws Exception {
    RaftStorage storage = storage("a");
    SnapshotStorage snapshots = snapshots(storage, GROUP);
    save(snapshots, 40, someFiles(1));
    save(snapshots, 42, someFiles(2));
    StoredSnapshot one = openSnapshot(snapshots, 40);
    StoredSnapshot two = openSnapshot(snapshots, 40);
    on(context(), () -> snapshots.delete(40));
    assertThat(listed(snapshots)).containsExactly(42L);
    failure(() -> openSnapshot(snapshots, 40));
    on(context(), one::close);
    on(context(), one::close);
    assertThat(readAll(two)).isEqualTo(someFiles(1));
    on(context(), two::close);
    on(context(), () -> snapshots.delete(40));
    await(storage.close());

    SnapshotStorage again = snapshots("a");
    assertThat(listed(again)).containsExactly(42L);
    failure(() -> openSnapshot(again, 40));
    on(context(), () -> again.delete(17));
    on(context(), () -> again.delete(42));
    assertThat(listed(again)).isEmpty();
  }

  /** A deletion is not seen before it is asked for, and at once then. */
  @Test
  protected void aDeletedSnapshotIsOffTheListAtOnceAndItsIndexIsFree() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    save(snapshots, 42, someFiles(1));
    List<SnapshotManifest> after = new ArrayList<>();
    on(
        context(),
        () -> {
          Future<Void> deleted = snapshots.delete(42);
          after.addAll(snapshots.list());
          return deleted;
        });
    assertThat(after).isEmpty();
    save(snapshots, 42, someFiles(2));
    assertThat(contents(snapshots, 42)).isEqualTo(someFiles(2));
  }

  /** An index that somebody still reads is still there, if it is published again. */
  @Test
  protected void aSnapshotThatIsReadIsListedAgainWhenItsIndexIsPublishedAgain() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    SnapshotManifest first = save(snapshots, 42, someFiles(1));
    StoredSnapshot reader = openSnapshot(snapshots, 42);
    on(context(), () -> snapshots.delete(42));
    assertThat(save(snapshots, 42, someFiles(1))).isEqualTo(first);
    on(context(), reader::close);
    assertThat(listed(snapshots)).containsExactly(42L);
    assertThat(contents(snapshots, 42)).isEqualTo(someFiles(1));
  }

  /** Reads give what they are asked for, and refuse what is not there. */
  @Test
  protected void piecesEndWhereTheFileEnds() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    save(snapshots, 42, Map.of("state", content(1, 1_000)));
    StoredSnapshot snapshot = openSnapshot(snapshots, 42);
    SnapshotChunk piece = on(context(), () -> snapshot.read("state", 100, 200, false));
    assertThat(piece).isEqualTo(SnapshotChunk.of(content(1, 1_000).slice(100, 300)));
    SnapshotChunk deflated =
        on(context(), () -> snapshot.read("state", 0, Integer.MAX_VALUE, true));
    assertThat(deflated.content()).isEqualTo(content(1, 1_000));
    assertThat(deflated.length()).isEqualTo(1_000);
    assertThat(on(context(), () -> snapshot.read("state", 999, 200, true)).content())
        .isEqualTo(content(1, 1_000).slice(999, 1_000));
    assertThat(on(context(), () -> snapshot.read("state", 1_000, 1, false)).length()).isZero();
    assertRefused(() -> on(context(), () -> snapshot.read("state", 1_001, 1, false)));
    assertRefused(() -> on(context(), () -> snapshot.read("state", -1, 1, false)));
    assertRefused(() -> on(context(), () -> snapshot.read("state", 0, 0, false)));
    assertRefused(() -> on(context(), () -> snapshot.read("other", 0, 1, false)));
  }

  /** Once it is published, a draft is a snapshot, and nothing to give up any more. */
  @Test
  protected void aPublishedDraftCannotBeGivenUp() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    SnapshotDraft draft = save(snapshots, head(42));
    append(draft, "state", content(1, 100));
    publish(draft);
    SnapshotDraft next = save(snapshots, head(43));
    append(next, "state", content(2, 100));
    on(context(), draft::discard);
    on(context(), draft::close);
    publish(next);
    assertThat(contents(snapshots, 42)).isEqualTo(Map.of("state", content(1, 100)));
    assertThat(contents(snapshots, 43)).isEqualTo(Map.of("state", content(2, 100)));
  }

  /** A draft of our own and one that is received do not meet. */
  @Test
  protected void savingAndReceivingGoOnSideBySide() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    SnapshotManifest manifest = head(50).withFiles(files(someFiles(5)));
    SnapshotDraft saved = save(snapshots, head(42));
    SnapshotDraft received = receive(snapshots, manifest);
    append(saved, "state", content(1, 100));
    complete(received, someFiles(5), 5_000);
    append(saved, "state", content(2, 100));
    publish(received);
    publish(saved);
    assertThat(contents(snapshots, 50)).isEqualTo(someFiles(5));
    assertThat(contents(snapshots, 42))
        .isEqualTo(Map.of("state", content(1, 100).appendBuffer(content(2, 100))));
  }

  /** Trouble with a snapshot is that snapshot's alone. */
  @Test
  protected void afterTroubleTheNextCallStartsAfreshAndTheLogIsNotConcerned() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    SnapshotStorage snapshots = group.snapshots();
    save(snapshots, 40, someFiles(1));
    SnapshotDraft draft = save(snapshots, head(42));
    append(draft, "state", content(1, 10));
    SnapshotChunk lie = new SnapshotChunk(content(1, 10), true, 500);
    assertThat(failure(() -> append(draft, "state", lie)).kind()).isEqualTo(Kind.CORRUPT);
    failure(() -> publish(draft));
    on(context(), draft::close);
    failure(() -> openSnapshot(snapshots, 41));
    write(group, append(GROUP, 1, 3, 1));
    assertThat(listed(snapshots)).containsExactly(40L);
    save(snapshots, 42, someFiles(2));
    assertThat(contents(snapshots, 42)).isEqualTo(someFiles(2));
    assertThat(contents(snapshots, 40)).isEqualTo(someFiles(1));
    await(storage.close());
    assertThat(open(storage("a"), GROUP).recovered().lastIndex()).isEqualTo(3);
  }

  /** groups share the storage and nothing else. */
  @Test
  protected void groupsHaveSnapshotsOfTheirOwn() throws Exception {
    RaftStorage storage = storage("a");
    SnapshotStorage first = snapshots(storage, GROUP);
    GroupIdentity dots = new GroupIdentity(CLUSTER, "..", NODE);
    SnapshotStorage second = snapshots(storage, dots);
    save(first, 42, someFiles(1));
    SnapshotDraft draft = save(second, head(dots, 42));
    append(draft, "state", content(8, 80));
    publish(draft);
    assertThat(contents(first, 42)).isEqualTo(someFiles(1));
    assertThat(contents(second, 42)).isEqualTo(Map.of("state", content(8, 80)));
    on(context(), () -> first.delete(42));
    await(storage.close());
    RaftStorage again = storage("a");
    assertThat(listed(snapshots(again, GROUP))).isEmpty();
    assertThat(contents(snapshots(again, dots), 42)).isEqualTo(Map.of("state", content(8, 80)));
  }

  /** completions come on the context. */
  @Test
  protected void completionsComeOnTheContext() throws Exception {
    SnapshotStorage snapshots = snapshots("a");
    List<Thread> threads = new ArrayList<>();
    on(
        context(),
        () -> {
          threads.add(Thread.currentThread());
          return snapshots
              .save(head(42))
              .compose(
                  draft -> {
                    threads.add(Thread.currentThread());
                    return draft
                        .append("state", SnapshotChunk.of(content(1, 10)))
                        .onComplete(done -> threads.add(Thread.currentThread()))
                        .compose(done -> draft.publish());
                  })
              .onComplete(done -> threads.add(Thread.currentThread()))
              .compose(published -> snapshots.open(42))
              .onComplete(done -> threads.add(Thread.currentThread()))
              .compose(
                  opened ->
                      opened
                          .read("state", 0, 10, false)
                          .onComplete(done -> threads.add(Thread.currentThread()))
                          .compose(read -> opened.close()));
        });
    assertThat(threads).hasSize(6).containsOnly(threads.get(0));
  }

  /** After close nothing is begun or read, and what is let go of has been. */
  @Test
  protected void callsAfterCloseFail() throws Exception {
    RaftStorage storage = storage("a");
    GroupStorage group = open(storage, GROUP);
    SnapshotStorage snapshots = group.snapshots();
    save(snapshots, 42, someFiles(1));
    StoredSnapshot opened = openSnapshot(snapshots, 42);
    SnapshotDraft draft = save(snapshots, head(43));
    on(context(), group::close);
    on(context(), draft::close);
    on(context(), opened::close);
    for (ThrowingAction call :
        List.<ThrowingAction>of(
            () -> save(snapshots, head(44)),
            () -> receive(snapshots, head(44)),
            () -> openSnapshot(snapshots, 42),
            () -> append(draft, "state", content(1, 1)),
            () -> publish(draft),
            () -> on(context(), () -> opened.read("state", 0, 1, false)),
            () -> on(context(), () -> snapshots.delete(42)))) {
      assertThat(failure(call).kind()).isEqualTo(Kind.CLOSED);
    }
    SnapshotStorage again = snapshots(storage, GROUP);
    assertThat(contents(again, 42)).isEqualTo(someFiles(1));
  }
}
