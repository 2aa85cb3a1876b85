package io.vertxraft.testkit.storage;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StoredSnapshot;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What tests of a {@link SnapshotStorage} need: heads, contents, and calls that are waited for. */
public abstract class SnapshotFixture extends StorageFixture {
  /** For implementations. */
  protected SnapshotFixture() {}

  /** The snapshots of a group that is opened on {@link #context()}. */
  protected final SnapshotStorage snapshots(RaftStorage storage, GroupIdentity identity)
      throws Exception {
    GroupStorage group = open(storage, identity);
    return group.snapshots();
  }

  /** The snapshots of {@link #GROUP} in a new storage on a place. */
  protected final SnapshotStorage snapshots(String place) throws Exception {
    return snapshots(storage(place), GROUP);
  }

  /** Everything but the files of a snapshot of {@link #GROUP}. */
  protected static SnapshotManifest head(long lastIndex) {
    return head(GROUP, lastIndex);
  }

  /** Everything but the files of a snapshot. */
  protected static SnapshotManifest head(GroupIdentity group, long lastIndex) {
    return new SnapshotManifest(
        group.clusterId(),
        group.groupId(),
        lastIndex,
        lastIndex / 10 + 1,
        lastIndex / 10 + 2,
        Configuration.joint(Set.of("n1", "n2", "n3"), Set.of("n1", "n4"), Set.of("n5")),
        Buffer.buffer("sessions up to " + lastIndex),
        1_700_000_000_000L + lastIndex,
        List.of());
  }

  /** Content that tells its seed and position. */
  protected static Buffer content(int seed, int bytes) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) (seed * 31 + i * 7 + i / 251);
    }
    return Buffer.buffer(content);
  }

  /** Three files, one of them in a directory and one empty. */
  protected static Map<String, Buffer> someFiles(int seed) {
    Map<String, Buffer> files = new LinkedHashMap<>();
    files.put("state", content(seed, 10_000));
    files.put("index/keys-1.bin", content(seed + 1, 3_000));
    files.put("empty", Buffer.buffer());
    return files;
  }

  /** Begins a draft of our own. */
  protected final SnapshotDraft save(SnapshotStorage snapshots, SnapshotManifest head)
      throws Exception {
    return on(context(), () -> snapshots.save(head));
  }

  /** Begins or resumes a draft that is received. */
  protected final SnapshotDraft receive(SnapshotStorage snapshots, SnapshotManifest manifest)
      throws Exception {
    return on(context(), () -> snapshots.receive(manifest));
  }

  /** Appends as it is. */
  protected final void append(SnapshotDraft draft, String file, Buffer content) throws Exception {
    append(draft, file, SnapshotChunk.of(content));
  }

  /** Appends. */
  protected final void append(SnapshotDraft draft, String file, SnapshotChunk chunk)
      throws Exception {
    on(context(), () -> draft.append(file, chunk));
  }

  /** Publishes. */
  protected final SnapshotManifest publish(SnapshotDraft draft) throws Exception {
    return on(context(), draft::publish);
  }

  /** Saves and publishes a snapshot of these files. */
  protected final SnapshotManifest save(
      SnapshotStorage snapshots, long lastIndex, Map<String, Buffer> files) throws Exception {
    SnapshotDraft draft = save(snapshots, head(lastIndex));
    for (Map.Entry<String, Buffer> file : files.entrySet()) {
      append(draft, file.getKey(), file.getValue());
    }
    return publish(draft);
  }

  /** Gives a draft what it lacks of these files, in pieces of some bytes. */
  protected final void complete(SnapshotDraft draft, Map<String, Buffer> files, int pieceBytes)
      throws Exception {
    for (Map.Entry<String, Buffer> file : files.entrySet()) {
      Buffer content = file.getValue();
      while (draft.bytes(file.getKey()) < content.length()) {
        int from = (int) draft.bytes(file.getKey());
        int to = Math.min(content.length(), from + pieceBytes);
        append(draft, file.getKey(), content.slice(from, to));
      }
    }
  }

  /** Opens a published snapshot. */
  protected final StoredSnapshot openSnapshot(SnapshotStorage snapshots, long lastIndex)
      throws Exception {
    return on(context(), () -> snapshots.open(lastIndex));
  }

  /** All content of an open snapshot, in the order of its files. */
  protected final Map<String, Buffer> readAll(StoredSnapshot snapshot) throws Exception {
    Map<String, Buffer> contents = new LinkedHashMap<>();
    for (SnapshotFile file : snapshot.manifest().files()) {
      Buffer content = Buffer.buffer();
      while (content.length() < file.bytes()) {
        int from = content.length();
        SnapshotChunk piece =
            on(context(), () -> snapshot.read(file.name(), from, 1_000, from % 2_000 == 0));
        content.appendBuffer(piece.content());
      }
      contents.put(file.name(), content);
    }
    return contents;
  }

  /** Opens a snapshot, reads all of it and closes it. */
  protected final Map<String, Buffer> contents(SnapshotStorage snapshots, long lastIndex)
      throws Exception {
    StoredSnapshot snapshot = openSnapshot(snapshots, lastIndex);
    Map<String, Buffer> contents = readAll(snapshot);
    on(context(), snapshot::close);
    return contents;
  }

  /** The indexes of the snapshots that are listed, in the order of the list. */
  protected final List<Long> listed(SnapshotStorage snapshots) throws Exception {
    List<SnapshotManifest> list = new ArrayList<>();
    on(
        context(),
        () -> {
          list.addAll(snapshots.list());
          return Future.succeededFuture();
        });
    return list.stream().map(SnapshotManifest::lastIndex).toList();
  }

  /** SHA-256 in hexadecimal digits. */
  protected static String sha256(Buffer content) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes()));
  }

  /** These files as a manifest lists them. */
  protected static List<SnapshotFile> files(Map<String, Buffer> contents) throws Exception {
    List<SnapshotFile> files = new ArrayList<>();
    for (Map.Entry<String, Buffer> file : contents.entrySet()) {
      files.add(new SnapshotFile(file.getKey(), file.getValue().length(), sha256(file.getValue())));
    }
    return files;
  }
}
