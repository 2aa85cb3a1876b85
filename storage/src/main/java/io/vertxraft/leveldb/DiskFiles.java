package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The file system of the operating system. */
final class DiskFiles implements FileCalls {
  private static final FileAttribute<?>[] NONE = {};

  @Override
  public Kind kind(Path path) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        return Kind.DIRECTORY;
      }
      return attributes.isRegularFile() ? Kind.FILE : Kind.OTHER;
    } catch (NoSuchFileException e) {
      return Kind.NOTHING;
    }
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, permissions(directory, "rwx------"));
  }

  @Override
  public OpenFile create(Path file) throws IOException {
    return new Channel(
        file,
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            permissions(file, "rw-------")));
  }

  @Override
  public OpenFile append(Path file) throws IOException {
    return open(file, StandardOpenOption.APPEND);
  }

  @Override
  public OpenFile read(Path file) throws IOException {
    return open(file, StandardOpenOption.READ);
  }

  private static OpenFile open(Path file, OpenOption how) throws IOException {
    return new Channel(file, FileChannel.open(file, how, LinkOption.NOFOLLOW_LINKS));
  }

  /** What makes that only the owner can use a new file, where there is such a thing. */
  static FileAttribute<?>[] permissions(Path path, String posix) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))
        }
        : NONE;
  }

  @Override
  public void link(Path link, Path existing) throws IOException {
    Files.createLink(link, existing);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.delete(path);
  }

  @Override
  public void sync(Path directory) throws IOException {
    try {
      DataDirectory.sync(directory);
    } catch (IOException e) {
      throw named(directory, e);
    }
  }

  private static IOException named(Path file, IOException cause) {
    if (cause instanceof FileSystemException) {
      return cause;
    }
    FileSystemException named = new FileSystemException(file.toString(), null, cause.getMessage());
    named.initCause(cause);
    return named;
  }

  private record Channel(Path file, FileChannel channel) implements OpenFile {
    @Override
    public long bytes() throws IOException {
      try {
        return channel.size();
      } catch (IOException e) {
        throw named(file, e);
      }
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      try {
        return channel.read(into, at);
      } catch (IOException e) {
        throw named(file, e);
      }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      try {
        return channel.write(from);
      } catch (IOException e) {
        throw named(file, e);
      }
    }

    @Override
    public void sync() throws IOException {
      try {
        channel.force(true);
      } catch (IOException e) {
        throw named(file, e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } catch (IOException e) {
        throw named(file, e);
      }
    }
  }
}
