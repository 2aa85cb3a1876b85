package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** snapshots on a disk on which somebody has changed something. */
@Tag("any-jdk")
class SnapshotDamageTest {
  @TempDir Path directory;
  private LevelDbStorage storage;
  private GroupStorage group;
  private SnapshotStorage snapshots;

  @BeforeEach
  void publishTwo() throws Exception {
    start();
    publish(10);
    publish(20);
  }

  @AfterEach
  void stop() throws Exception {
    TestLog.await(storage.close());
  }

  private void start() throws Exception {
    storage = LevelDbStorage.create(TestLog.options(directory));
    group = TestLog.open(storage);
    snapshots = group.snapshots();
  }

  private void restart() throws Exception {
    stop();
    start();
  }

  private static SnapshotManifest head(long index) {
    return new SnapshotManifest(
        "c", "g1", index, 3, 3, Configuration.of(Set.of("n1")), Buffer.buffer(), 0, List.of());
  }

  private SnapshotManifest publish(long index) throws Exception {
    SnapshotDraft draft = TestLog.await(snapshots.save(head(index)));
    TestLog.await(draft.append("a", chunk("a of " + index)));
    TestLog.await(draft.append("dir/b", chunk("b of " + index)));
    return TestLog.await(draft.publish());
  }

  private static SnapshotChunk chunk(String content) {
    return SnapshotChunk.of(Buffer.buffer(content));
  }

  private String read(long index) throws Exception {
    StoredSnapshot opened = TestLog.await(snapshots.open(index));
    try {
      return TestLog.await(opened.read("a", 0, 100, false)).content().toString();
    } finally {
      TestLog.await(opened.close());
    }
  }

  private Path snapshot(long index) {
    return new SnapshotPaths(directory, "g1").snapshot(index);
  }

  private Path file(String name) {
    return snapshot(20).resolve("files").resolve(name);
  }

  /** What somebody does to the snapshot at index 20, and which file is to blame. */
  enum Damage {
    FLIPPED_BIT("files/a", "its content has the SHA-256"),
    CUT_FILE("files/dir/b", "it has 3 bytes, the manifest says 7"),
    LONGER_FILE("files/a", "it has 8 bytes, the manifest says 7"),
    MISSING_FILE("files/a", "it is missing"),
    SWAPPED_FILES("files/a", "its content has the SHA-256"),
    EXTRA_FILE("files/dir/c", "the manifest does not list it"),
    EXTRA_FILE_BESIDE("notes", "it does not belong to the snapshot"),
    LINK_TO_A_FILE("files/a", "it is a link or no regular file"),
    LINK_TO_A_DIRECTORY("files/dir/b", "it is missing"),
    NO_FILES("files", "the directory is missing"),
    OTHER_MANIFEST("manifest", "it is not the one that was written or found first"),
    STALE_MANIFEST("manifest", "it is the manifest of index 10"),
    FLIPPED_BIT_IN_MANIFEST("manifest", "does not have its checksum"),
    CUT_MANIFEST("manifest", "no manifest of a snapshot"),
    NO_MANIFEST("manifest", "it is missing"),
    LINK_TO_A_MANIFEST("manifest", "it is no regular file");

    private final String culprit;
    private final String nature;

    Damage(String culprit, String nature) {
      this.culprit = culprit;
      this.nature = nature;
    }

    private boolean concernsManifest() {
      return culprit.equals("manifest");
    }
  }

  private void inflict(Damage damage) throws IOException {
    Path manifest = snapshot(20).resolve("manifest");
    switch (damage) {
      case FLIPPED_BIT -> flip(file("a"), 3);
      case CUT_FILE -> Files.writeString(file("dir/b"), "b o");
      case LONGER_FILE -> Files.writeString(file("a"), "a of 200");
      case MISSING_FILE -> Files.delete(file("a"));
      case SWAPPED_FILES -> {
        Files.move(file("a"), file("x"));
        Files.move(file("dir/b"), file("a"));
        Files.move(file("x"), file("dir/b"));
      }
      case EXTRA_FILE -> Files.writeString(file("dir/c"), "");
      case EXTRA_FILE_BESIDE -> Files.writeString(snapshot(20).resolve("notes"), "");
      case LINK_TO_A_FILE -> replaceByLink(file("a"));
      case LINK_TO_A_DIRECTORY -> replaceByLink(file("dir"));
      case NO_FILES -> Damages.deleteAll(snapshot(20).resolve("files"));
      case OTHER_MANIFEST ->
          Files.write(manifest, head(20).withFiles(List.of()).encode().getBytes());
      case STALE_MANIFEST ->
          Files.copy(
              snapshot(10).resolve("manifest"), manifest, StandardCopyOption.REPLACE_EXISTING);
      case FLIPPED_BIT_IN_MANIFEST -> flip(manifest, 120);
      case CUT_MANIFEST -> Files.write(manifest, new byte[0]);
      case NO_MANIFEST -> Files.delete(manifest);
      case LINK_TO_A_MANIFEST -> replaceByLink(manifest);
      default -> throw new AssertionError(damage);
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  /** Puts a link to the very same thing in its place. */
  private void replaceByLink(Path path) throws IOException {
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(path, elsewhere);
    Files.createSymbolicLink(path, elsewhere);
  }

  private StorageException refusal(ThrowingCall call) {
    return catchThrowableOfType(StorageException.class, call::call);
  }

  @FunctionalInterface
  private interface ThrowingCall {
    void call() throws Exception;
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void damageIsFoundBeforeAnybodyReadsAndTheOlderSnapshotIsStillGood(Damage damage)
      throws Exception {
    inflict(damage);
    StorageException failure = refusal(() -> TestLog.await(snapshots.open(20)));
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure)
        .hasMessageContaining(snapshot(20).resolve(damage.culprit).toString())
        .hasMessageContaining(damage.nature)
        .hasMessageContaining("An older snapshot and the log take its place");
    assertThat(read(10)).isEqualTo("a of 10");
    restart();
    assertThat(snapshots.list().stream().map(SnapshotManifest::lastIndex))
        .isEqualTo(
            damage.concernsManifest() && damage != Damage.OTHER_MANIFEST
                ? List.of(10L)
                : List.of(20L, 10L));
    assertThat(Files.exists(snapshot(20))).as("it is kept for analysis").isTrue();
    refusal(() -> TestLog.await(snapshots.open(20)));
    assertThat(read(10)).isEqualTo("a of 10");
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void aDamagedSnapshotCanBeReplacedByAnotherOfItsIndex(Damage damage) throws Exception {
    inflict(damage);
    SnapshotDraft draft = TestLog.await(snapshots.save(head(20)));
    TestLog.await(draft.append("a", chunk("a of 20")));
    StorageException failure = refusal(() -> TestLog.await(draft.publish()));
    assertThat(failure.kind()).as("what is published is not replaced").isEqualTo(Kind.CORRUPT);
    TestLog.await(draft.discard());
    TestLog.await(snapshots.delete(20));
    publish(20);
    assertThat(read(20)).isEqualTo("a of 20");
  }

  @Test
  void aSnapshotThatIsNotListedGivesWayToANewOneAndIsKeptBeside() throws Exception {
    Files.delete(snapshot(20).resolve("manifest"));
    restart();
    publish(20);
    assertThat(read(20)).isEqualTo("a of 20");
    Path aside = new SnapshotPaths(directory, "g1").aside(20);
    assertThat(aside.resolve("files/a")).hasContent("a of 20");
    restart();
    assertThat(snapshots.list()).hasSize(2);
    assertThat(aside).exists();
  }

  @Test
  void aDamagedFileIsNotBorrowedForASnapshotThatIsReceived() throws Exception {
    SnapshotManifest wanted = head(30).withFiles(snapshots.list().get(0).files());
    flip(file("a"), 3);
    SnapshotDraft draft = TestLog.await(snapshots.receive(wanted));
    assertThat(draft.bytes("a")).isZero();
    assertThat(draft.bytes("dir/b")).isEqualTo(7);
    TestLog.await(draft.append("a", chunk("a of 20")));
    assertThat(TestLog.await(draft.publish())).isEqualTo(wanted);
    assertThat(read(30)).isEqualTo("a of 20");
  }

  @Test
  void aBorrowedFileIsTheSameFileAndHasItsOwnName() throws Exception {
    SnapshotManifest wanted = head(30).withFiles(snapshots.list().get(0).files());
    TestLog.await(TestLog.await(snapshots.receive(wanted)).publish());
    assertThat(Files.isSameFile(file("a"), snapshot(30).resolve("files/a"))).isTrue();
    TestLog.await(snapshots.delete(20));
    assertThat(read(30)).isEqualTo("a of 20");
  }

  @Test
  void aFileIsCopiedWhereItCannotBeLinked() throws Exception {
    stop();
    storage =
        LevelDbStorage.create(
            TestLog.options(directory),
            home -> Long.MAX_VALUE,
            new DelegatingFiles() {
              @Override
              public void link(Path link, Path existing) {
                throw new UnsupportedOperationException("no links here");
              }
            });
    group = TestLog.open(storage);
    snapshots = group.snapshots();
    SnapshotManifest wanted = head(30).withFiles(snapshots.list().get(0).files());
    TestLog.await(TestLog.await(snapshots.receive(wanted)).publish());
    assertThat(Files.isSameFile(file("a"), snapshot(30).resolve("files/a"))).isFalse();
    assertThat(read(30)).isEqualTo("a of 20");
  }

  @Test
  void onlyTheOwnerMayLookIntoSnapshots() throws Exception {
    try (Stream<Path> all = Files.walk(directory.resolve("snapshots"))) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void leftoversAreGoneAfterAStartButNotWhatWasReceived() throws Exception {
    TestLog.await(TestLog.await(snapshots.save(head(30))).append("a", chunk("begun")));
    SnapshotManifest wanted = head(40).withFiles(snapshots.list().get(0).files());
    TestLog.await(snapshots.receive(wanted));
    SnapshotPaths paths = new SnapshotPaths(directory, "g1");
    Files.createDirectories(paths.trash(5).resolve("files"));
    restart();
    assertThat(paths.saving()).doesNotExist();
    assertThat(paths.trash(5)).doesNotExist();
    assertThat(paths.receiving().resolve("files/a")).exists();
  }

  @Test
  void noSnapshotTakesTheRoomThatTheLogNeeds() throws Exception {
    stop();
    long floor = RoomGuard.snapshotFloorBytes(TestLog.options(directory));
    long[] usable = {Long.MAX_VALUE};
    storage =
        LevelDbStorage.create(
            TestLog.options(directory).setFreeSpaceBytesMin(0), home -> usable[0]);
    group = TestLog.open(storage);
    snapshots = group.snapshots();
    SnapshotManifest wanted =
        head(30).withFiles(List.of(new SnapshotFile("a", 500, "0".repeat(64))));

    usable[0] = floor + 499;
    StorageException tooLarge = refusal(() -> TestLog.await(snapshots.receive(wanted)));
    assertThat(tooLarge.kind()).isEqualTo(Kind.DISK_FULL);
    assertThat(tooLarge)
        .hasMessageContaining("%d bytes are free".formatted(floor + 499))
        .hasMessageContaining("500 more")
        .hasMessageContaining("free some space");
    usable[0] = floor + 500;
    TestLog.await(TestLog.await(snapshots.receive(wanted)).close());

    SnapshotDraft draft = TestLog.await(snapshots.save(head(30)));
    TestLog.await(draft.append("a", SnapshotChunk.of(Buffer.buffer(new byte[500]))));
    usable[0] = floor + 9;
    assertThat(refusal(() -> TestLog.await(draft.append("a", chunk("ten bytes.")))).kind())
        .isEqualTo(Kind.DISK_FULL);
    TestLog.await(draft.discard());
    usable[0] = Long.MAX_VALUE;
    publish(30);
  }

  @Test
  void nothingIsBegunWhileTheLogIsShortOfRoom() {
    SnapshotRoom room =
        new SnapshotRoom(
            directory,
            TestLog.options(directory),
            home -> Long.MAX_VALUE,
            () -> new Room(true, 1, "1 byte is free"));
    StorageException failure = refusal(room::requireNotLow);
    assertThat(failure.kind()).isEqualTo(Kind.DISK_FULL);
    assertThat(failure).hasMessageContaining("1 byte is free").hasMessageContaining("snapshots");
  }

  @Test
  void namesThatNoFileSystemCanHoldTogetherAreRefused() throws Exception {
    SnapshotDraft draft = TestLog.await(snapshots.save(head(30)));
    TestLog.await(draft.append("State", chunk("x")));
    TestLog.await(draft.append("dir/a", chunk("x")));
    for (String clash : List.of("state", "dir", "DIR/b", "State/a", "dir/A")) {
      IllegalArgumentException failure =
          catchThrowableOfType(
              IllegalArgumentException.class, () -> TestLog.await(draft.append(clash, chunk("x"))));
      assertThat(failure).hasMessageContaining(clash).hasMessageContaining("rename");
    }
    assertThat(TestLog.await(draft.publish()).files()).hasSize(2);
  }
}
