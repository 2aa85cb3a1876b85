package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The file system of the operating system, but for what a test changes. */
class DelegatingFiles implements FileCalls {
  private final FileCalls disk = new DiskFiles();

  @Override
  public Kind kind(Path path) throws IOException {
    return disk.kind(path);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    disk.createDirectory(directory);
  }

  @Override
  public OpenFile create(Path file) throws IOException {
    return disk.create(file);
  }

  @Override
  public OpenFile append(Path file) throws IOException {
    return disk.append(file);
  }

  @Override
  public OpenFile read(Path file) throws IOException {
    return disk.read(file);
  }

  @Override
  public void link(Path link, Path existing) throws IOException {
    disk.link(link, existing);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    disk.move(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(path);
  }

  @Override
  public void sync(Path directory) throws IOException {
    disk.sync(directory);
  }
}
