package io.vertxraft.leveldb;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * An exported snapshot: one zip file with the entry {@code manifest}, then the files of the
 * snapshot as {@code files/NAME} in the order of the manifest, and nothing else.
 *
 * <p>It is read as a stream and in that order. Names are compared with those of the manifest, never
 * used as they come, and of no entry more is read than the manifest says.
 */
public final class SnapshotArchive {
  /** Is given what is in an archive, as it is read; what it throws ends the reading. */
  interface Sink {
    /** First of all. */
    void manifest(SnapshotManifest manifest) throws IOException;

    /** A piece of a file; at least one for each file, empty if the file is. */
    void write(SnapshotFile file, Buffer piece) throws IOException;
  }

  private static final Sink NOWHERE =
      new Sink() {
        @Override
        public void manifest(SnapshotManifest manifest) {
          // It is returned in the end.
        }

        @Override
        public void write(SnapshotFile file, Buffer piece) {
          // Only its checksum counts.
        }
      };

  private static final int PIECE_BYTES = 1024 * 1024;

  private SnapshotArchive() {}

  /**
   * Reads every byte of an archive.
   *
   * @return what it is of
   * @throws StorageException CORRUPT if it is damaged or no archive of a snapshot
   * @throws IOException if it cannot be read
   */
  public static SnapshotManifest verify(Path archive) throws IOException {
    return read(archive, NOWHERE);
  }

  static SnapshotManifest read(Path archive, Sink sink) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      return read(in, archive.toString(), sink);
    }
  }

  /** Reads an archive. */
  static SnapshotManifest read(InputStream in, String name, Sink sink) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(in, PIECE_BYTES))) {
      requireEntry(zip, name, SnapshotPaths.MANIFEST);
      SnapshotManifest manifest = manifest(zip);
      FileNames names = new FileNames();
      manifest.files().forEach(file -> names.add(file.name()));
      sink.manifest(manifest);
      for (SnapshotFile file : manifest.files()) {
        requireEntry(zip, name, entryName(file));
        readFile(zip, name, file, sink);
      }
      ZipEntry extra = zip.getNextEntry();
      if (extra != null) {
        throw damaged(name, "it has an entry that its manifest does not list", null);
      }
      return manifest;
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw damaged(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireEntry(ZipInputStream zip, String name, String expected)
      throws IOException {
    ZipEntry entry = zip.getNextEntry();
    if (entry == null || !entry.getName().equals(expected)) {
      throw damaged(
          name, "the entry '%s' is missing or not in its place".formatted(expected), null);
    }
  }

  private static SnapshotManifest manifest(ZipInputStream zip) throws IOException {
    byte[] encoded = zip.readNBytes(SnapshotManifest.ENCODED_BYTES_MAX + 1);
    if (encoded.length > SnapshotManifest.ENCODED_BYTES_MAX) {
      throw new IllegalArgumentException("its manifest is too long");
    }
    return SnapshotManifest.decode(Buffer.buffer(encoded));
  }

  private static void readFile(ZipInputStream zip, String name, SnapshotFile file, Sink sink)
      throws IOException {
    MessageDigest digest = FileHash.sha256();
    long left = file.bytes();
    byte[] piece = new byte[(int) Math.min(PIECE_BYTES, left)];
    do {
      int bytes = zip.readNBytes(piece, 0, (int) Math.min(piece.length, left));
      if (bytes < Math.min(piece.length, left)) {
        throw damaged(
            name, "'%s' has fewer than its %d bytes".formatted(file.name(), file.bytes()), null);
      }
      digest.update(piece, 0, bytes);
      left -= bytes;
      sink.write(file, Buffer.buffer().appendBytes(piece, 0, bytes));
    } while (left > 0);
    if (zip.read() >= 0) {
      throw damaged(
          name, "'%s' has more than its %d bytes".formatted(file.name(), file.bytes()), null);
    }
    if (!FileHash.hex(digest).equals(file.sha256())) {
      throw damaged(name, "'%s' does not have its checksum".formatted(file.name()), null);
    }
  }

  private static String entryName(SnapshotFile file) {
    return SnapshotPaths.FILES + "/" + file.name();
  }

  private static StorageException damaged(String name, String nature, Throwable cause) {
    return new StorageException(
        Kind.CORRUPT,
        "'%s' is no intact archive of a snapshot: %s. Use another copy, or export it again"
            .formatted(name, nature),
        cause);
  }

  /** Writes an archive that must not be there, and reads it back; leaves nothing if that fails. */
  static void write(FileCalls files, Path snapshot, SnapshotManifest manifest, Path archive)
      throws IOException {
    try (FileChannel channel = create(archive)) {
      try {
        write(files, snapshot, manifest, Channels.newOutputStream(channel), channel);
        if (!verify(archive).equals(manifest)) {
          throw damaged(archive.toString(), "its manifest is not the one that was written", null);
        }
      } catch (Throwable e) {
        Files.delete(archive);
        throw e;
      }
    }
    DataDirectory.sync(archive.toAbsolutePath().getParent());
  }

  private static FileChannel create(Path archive) throws IOException {
    try {
      return FileChannel.open(
          archive,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          DiskFiles.permissions(archive, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(
          "'%s' is there already: nothing is overwritten, name another file".formatted(archive), e);
    }
  }

  private static void write(
      FileCalls files,
      Path snapshot,
      SnapshotManifest manifest,
      OutputStream out,
      FileChannel channel)
      throws IOException {
    // Not closed: that would close the channel before it is synced.
    ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, PIECE_BYTES));
    zip.setLevel(Deflater.BEST_SPEED);
    zip.putNextEntry(new ZipEntry(SnapshotPaths.MANIFEST));
    zip.write(manifest.encode().getBytes());
    try (Verification verification =
        new Verification(
            files,
            snapshot,
            manifest,
            file -> {
              zip.putNextEntry(new ZipEntry(entryName(file)));
              return piece -> zip.write(piece.array(), piece.position(), piece.remaining());
            })) {
      while (!verification.step()) {
        // Piece by piece.
      }
    }
    zip.finish();
    zip.flush();
    channel.force(true);
  }
}
