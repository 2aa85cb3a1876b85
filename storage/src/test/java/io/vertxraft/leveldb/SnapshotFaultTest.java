package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.leveldb.ModelDisk.Aftermath;
import io.vertxraft.leveldb.ModelDisk.Fault;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StoredSnapshot;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * R-23, the part of snapshots: whatever the disk does at whichever call, every snapshot that was
 * good is good afterwards, and one that was confirmed is there. Two snapshots are published on a
 * disk that works; then one thing is done, once for every call of it and every fault.
 */
@Tag("any-jdk")
class SnapshotFaultTest {
  private static final Path HOME = Path.of("/data").toAbsolutePath();
  private static final Map<Long, Map<String, Buffer>> STATES = new LinkedHashMap<>();

  static {
    for (long index : new long[] {10, 20, 30}) {
      Map<String, Buffer> files = new LinkedHashMap<>();
      files.put("state", content(index, 300));
      files.put("dir/keys", content(index + 1, 200));
      files.put("same", content(7, 100));
      files.put("empty", Buffer.buffer());
      STATES.put(index, files);
    }
  }

  /** What is done while the disk misbehaves. */
  enum Deed {
    SAVE,
    RECEIVE,
    OPEN,
    DELETE,
    START
  }

  private static Buffer content(long seed, int bytes) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) (seed * 31 + i * 7);
    }
    return Buffer.buffer(content);
  }

  private static SnapshotManifest head(long index) {
    return new SnapshotManifest(
        "c", "g1", index, 3, 3, Configuration.of(Set.of("n1")), Buffer.buffer(), 0, List.of());
  }

  private static SnapshotManifest manifest(long index) {
    List<SnapshotFile> files = new ArrayList<>();
    STATES
        .get(index)
        .forEach(
            (name, content) ->
                files.add(new SnapshotFile(name, content.length(), sha256(content))));
    return head(index).withFiles(files);
  }

  private static String sha256(Buffer content) {
    MessageDigest digest = FileHash.sha256();
    return HexFormat.of().formatHex(digest.digest(content.getBytes()));
  }

  /** A life of the storage on a disk. */
  private static final class Life implements AutoCloseable {
    final SnapshotThread thread = new SnapshotThread("snapshots of a test");
    final GroupSnapshots snapshots;

    Life(ModelDisk disk) throws Exception {
      LevelDbOptions options = new LevelDbOptions().setDirectory(HOME.toString());
      snapshots =
          new GroupSnapshots(
              disk,
              new SnapshotPaths(HOME, "g1"),
              "c",
              thread,
              new SnapshotRoom(HOME, options, home -> Long.MAX_VALUE, () -> Room.UNLIMITED),
              Runnable::run);
      snapshots.look();
    }

    void append(SnapshotDraft draft, long index) throws Exception {
      for (Map.Entry<String, Buffer> file : STATES.get(index).entrySet()) {
        Buffer content = file.getValue();
        int from = (int) draft.bytes(file.getKey());
        int middle = Math.max(from, content.length() / 2);
        for (Buffer piece :
            List.of(content.slice(from, middle), content.slice(middle, content.length()))) {
          await(draft.append(file.getKey(), SnapshotChunk.of(piece)));
        }
      }
    }

    void save(long index) throws Exception {
      SnapshotDraft draft = await(snapshots.save(head(index)));
      end(draft, index);
    }

    void receive(long index) throws Exception {
      end(await(snapshots.receive(manifest(index))), index);
    }

    private void end(SnapshotDraft draft, long index) throws Exception {
      try {
        append(draft, index);
        assertThat(await(draft.publish())).isEqualTo(manifest(index));
      } catch (StorageException e) {
        await(draft.close().otherwiseEmpty());
        throw e;
      }
    }

    /** Opens a snapshot and reads all of it. */
    void read(long index) throws Exception {
      StoredSnapshot opened = await(snapshots.open(index));
      for (Map.Entry<String, Buffer> file : STATES.get(index).entrySet()) {
        assertThat(await(opened.read(file.getKey(), 0, 1_000, true)).content())
            .isEqualTo(file.getValue());
      }
      await(opened.close());
    }

    List<Long> listed() {
      return snapshots.list().stream().map(SnapshotManifest::lastIndex).toList();
    }

    @Override
    public void close() {
      assertThat(thread.close(TimeUnit.SECONDS.toNanos(20))).isTrue();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return TestLog.await(future);
  }

  /**
   * Two snapshots, and the beginnings of a third from a peer and of one of our own; the process was
   * killed meanwhile.
   */
  private static ModelDisk furnished() throws Exception {
    ModelDisk disk = new ModelDisk(HOME.getRoot());
    try (Life life = new Life(disk)) {
      life.save(10);
      life.receive(20);
      SnapshotDraft received = await(life.snapshots.receive(manifest(30)));
      await(received.append("state", SnapshotChunk.of(STATES.get(30L).get("state").slice(0, 99))));
      await(received.append("dir/keys", SnapshotChunk.of(STATES.get(30L).get("dir/keys"))));
      SnapshotDraft saved = await(life.snapshots.save(head(25)));
      await(saved.append("state", SnapshotChunk.of(content(1, 10))));
    }
    return disk;
  }

  /** What the owner knows after the deed. */
  private static final class Knowledge {
    boolean confirmed;
    boolean deleted;
    StorageException failure;
  }

  private static Knowledge act(Deed deed, ModelDisk disk, Life life) throws Exception {
    Knowledge knowledge = new Knowledge();
    try {
      switch (deed) {
        case SAVE -> life.save(30);
        case RECEIVE -> life.receive(30);
        case OPEN -> life.read(20);
        case DELETE -> await(life.snapshots.delete(10));
        case START -> {
          try (Life another = new Life(disk)) {
            assertThat(another.listed()).as("what can be read").containsAnyOf(10L, 20L);
          }
        }
        default -> throw new AssertionError(deed);
      }
      knowledge.confirmed = deed == Deed.SAVE || deed == Deed.RECEIVE;
    } catch (StorageException e) {
      knowledge.failure = e;
    } catch (java.io.IOException e) {
      knowledge.failure = SnapshotErrors.of("Starting", HOME, e);
    }
    knowledge.deleted = deed == Deed.DELETE;
    return knowledge;
  }

  @ParameterizedTest
  @EnumSource(Deed.class)
  void nothingThatWasGoodIsHarmedByAFaultAtAnyCall(Deed deed) throws Exception {
    ModelDisk furnished = furnished();
    for (Fault fault : Fault.values()) {
      for (Aftermath aftermath : aftermaths(fault)) {
        int call = 1;
        while (survives(furnished.copy(), deed, fault, call, aftermath)) {
          call++;
        }
        assertThat(call).as("calls of %s", deed).isGreaterThan(5);
      }
    }
  }

  /** If it is not the power that fails first, the worst of them will do. */
  private static Set<Aftermath> aftermaths(Fault fault) {
    return fault == Fault.POWER_CUT || fault == Fault.LOST_SYNC
        ? EnumSet.allOf(Aftermath.class)
        : EnumSet.of(Aftermath.LOST, Aftermath.INNER_ONLY);
  }

  /** Returns whether there was such a call. */
  private static boolean survives(
      ModelDisk disk, Deed deed, Fault fault, int call, Aftermath aftermath) throws Exception {
    String what = "%s with %s at call %d, then %s".formatted(deed, fault, call, aftermath);
    Knowledge knowledge;
    boolean reached;
    try (Life life = new Life(disk)) {
      disk.arm(call, fault);
      knowledge = act(deed, disk, life);
      reached = disk.calls() >= call;
      if (fault == Fault.SHORT || !reached) {
        assertThat(knowledge.failure).as(what).isNull();
      }
      if (fault != Fault.POWER_CUT) {
        disk.mend();
        goesOn(what, life, knowledge);
      }
    }
    disk.reboot(aftermath);
    try (Life next = new Life(disk)) {
      holds(what, next, knowledge, fault);
      if (fault != Fault.LOST_SYNC) {
        receiveAtLast(next, aftermath);
      }
    }
    return reached;
  }

  /**
   * A transfer comes to its end; at the second attempt, if zeros in the place of bytes that had
   * arrived look as if these were there.
   */
  private static void receiveAtLast(Life life, Aftermath aftermath) throws Exception {
    try {
      life.receive(30);
    } catch (StorageException e) {
      assertThat(aftermath).isEqualTo(Aftermath.ZEROS);
      assertThat(e.kind()).isEqualTo(Kind.CORRUPT);
      life.receive(30);
    }
    life.read(30);
  }

  /** In the same life, once the disk works again. */
  private static void goesOn(String what, Life life, Knowledge knowledge) throws Exception {
    assertThat(life.listed()).as(what).contains(20L);
    life.read(20);
    if (!knowledge.deleted) {
      life.read(10);
    }
    if (knowledge.failure != null) {
      assertThat(knowledge.failure.kind()).as(what).isIn(Kind.DISK_FULL, Kind.IO_ERROR);
      assertThat(knowledge.failure.getMessage()).as(what).contains("/data");
    } else if (knowledge.confirmed) {
      life.read(30);
    }
  }

  /** In the next life, on what the power cut has left. */
  private static void holds(String what, Life next, Knowledge knowledge, Fault fault)
      throws Exception {
    assertThat(next.listed()).as(what).contains(20L);
    if (!knowledge.deleted) {
      assertThat(next.listed()).as(what).contains(10L);
    }
    if (knowledge.confirmed && fault != Fault.LOST_SYNC) {
      assertThat(next.listed()).as(what).contains(30L);
    }
    for (long index : next.listed()) {
      try {
        next.read(index);
      } catch (StorageException e) {
        // A disk that lies about a sync may lose what was confirmed, but never in silence, and
        // never what was good before.
        assertThat(fault).as("%s: %s", what, e.getMessage()).isEqualTo(Fault.LOST_SYNC);
        assertThat(index).as(what).isEqualTo(30);
        assertThat(e.kind()).as(what).isEqualTo(Kind.CORRUPT);
      }
    }
  }

  /** A full disk fails every save, and the next one that finds room succeeds, again and again. */
  @Test
  void threeSavesThatFailOnAFullDiskTakeNothingAway() throws Exception {
    ModelDisk disk = furnished();
    try (Life life = new Life(disk)) {
      for (int attempt = 0; attempt < 3; attempt++) {
        disk.arm(20 + attempt, Fault.FULL);
        Knowledge knowledge = act(Deed.SAVE, disk, life);
        assertThat(knowledge.failure.kind()).isEqualTo(Kind.DISK_FULL);
      }
    }
    disk.reboot(Aftermath.LOST);
    try (Life next = new Life(disk)) {
      assertThat(next.listed()).containsExactly(20L, 10L);
      next.read(20);
      next.read(10);
      next.save(30);
      assertThat(next.listed()).containsExactly(30L, 20L, 10L);
    }
  }
}
