package io.vertxraft.leveldb;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** What the archive {@code golden/snapshot-1.zip} holds. */
final class Exported {
  static final Buffer STATE = Buffer.buffer("golden");

  static final SnapshotManifest MANIFEST =
      new SnapshotManifest(
          "cluster",
          "g1",
          4_711,
          7,
          9,
          Configuration.joint(Set.of("n1", "n2"), Set.of("n1", "n3"), Set.of("n4")),
          Buffer.buffer("sessions"),
          1_700_000_000_000L,
          List.of(file("state", STATE), file("dir/empty", Buffer.buffer())));

  private Exported() {}

  private static SnapshotFile file(String name, Buffer content) {
    byte[] sha256 = FileHash.sha256().digest(content.getBytes());
    return new SnapshotFile(name, content.length(), HexFormat.of().formatHex(sha256));
  }
}
