package io.vertxraft.leveldb;

import io.vertxraft.leveldb.FileCalls.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads a file from its beginning, piece by piece, and hashes it. */
final class FileHash implements Closeable {
  /** Sees what is read. */
  @FunctionalInterface
  interface Sink {
    void write(ByteBuffer piece) throws IOException;
  }

  private static final int PIECE_BYTES = 1024 * 1024;

  private final Path file;
  private final OpenFile open;
  private final long bytes;
  private final Sink sink;
  private final MessageDigest digest = sha256();
  private final ByteBuffer piece;
  private long done;

  /** Opens a file, to hash what it holds now; {@code sink} is given all of it as well. */
  FileHash(FileCalls files, Path file, Sink sink) throws IOException {
    this.file = file;
    this.sink = sink;
    this.open = files.read(file);
    try {
      this.bytes = open.bytes();
    } catch (Throwable e) {
      open.close();
      throw e;
    }
    this.piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, bytes));
  }

  FileHash(FileCalls files, Path file) throws IOException {
    this(files, file, bytes -> {});
  }

  /** Length of the file when it was opened. */
  long bytes() {
    return bytes;
  }

  /** Hashes a piece; true if it was the last. */
  boolean step() throws IOException {
    piece.clear().limit((int) Math.min(piece.capacity(), bytes - done));
    int read = FileTrees.read(open, piece, done);
    if (read < piece.limit()) {
      throw new FileSystemException(file.toString(), null, "it became shorter while it was read");
    }
    done += read;
    digest.update(piece.array(), 0, read);
    piece.flip();
    sink.write(piece);
    return done == bytes;
  }

  /** The state after all pieces, to go on with. */
  MessageDigest digest() {
    return digest;
  }

  /** After the last piece, once: the checksum. */
  String sha256Hex() {
    return hex(digest);
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
