package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotManifest;

/** The manifest of another member's snapshot as it comes in, piece by piece. */
final class ManifestPieces {
  /** How much of a manifest is asked for at a time; a piece with less is the last one. */
  static final int PIECE_BYTES = 1024 * 1024;

  private final Buffer encoded = Buffer.buffer();

  /** Bytes that are there. */
  int bytes() {
    return encoded.length();
  }

  /**
   * Takes the next piece.
   *
   * @return the manifest if this was the last piece, else null
   * @throws IllegalArgumentException if this is no manifest
   */
  SnapshotManifest add(SnapshotChunk piece) {
    encoded.appendBuffer(piece.content());
    if (encoded.length() > SnapshotManifest.ENCODED_BYTES_MAX) {
      throw new IllegalArgumentException("it is too long");
    }
    return piece.length() < PIECE_BYTES ? SnapshotManifest.decode(encoded) : null;
  }

  /** Why a snapshot is not for this member, or null. */
  static String refusal(MemberParts parts, String source, SnapshotManifest offered, long minIndex) {
    String what = "the snapshot of %s that ends at index %d".formatted(source, offered.lastIndex());
    String cluster = parts.options().getClusterId();
    String group = parts.options().getGroupId();
    Configuration own = parts.core().configuration();
    if (!offered.clusterId().equals(cluster) || !offered.groupId().equals(group)) {
      return "%s is of group '%s' of cluster '%s', and this is group '%s' of cluster '%s'"
          .formatted(what, offered.groupId(), offered.clusterId(), group, cluster);
    }
    if (!offered.configuration().equals(own)) {
      return ("%s was taken by the members %s, and this member was started with %s: give every"
              + " member the same list")
          .formatted(what, offered.configuration(), own);
    }
    if (offered.lastIndex() < minIndex) {
      return "%s is too old: needed is one that ends at index %d or later"
          .formatted(what, minIndex);
    }
    return null;
  }
}
