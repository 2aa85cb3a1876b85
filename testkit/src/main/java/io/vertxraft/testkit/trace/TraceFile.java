package io.vertxraft.testkit.trace;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Writes lines to a file as they come, in UTF-8, each ended by a line feed. An existing file is
 * replaced, missing directories are made. Complete once it is closed. Confined to one thread.
 */
public final class TraceFile implements Consumer<String>, AutoCloseable {
  private final Path path;
  private final BufferedWriter writer;
  private boolean closed;

  /**
   * Opens the file.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public TraceFile(Path path) {
    this.path = path;
    try {
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      this.writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /**
   * Writes one line.
   *
   * @throws UncheckedIOException if it cannot be written
   * @throws IllegalStateException if the file is closed
   */
  @Override
  public void accept(String line) {
    if (closed) {
      throw new IllegalStateException(
          "trace file '%s' is closed: end the run before its file".formatted(path));
    }
    try {
      writer.write(line);
      writer.write('\n');
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Writes what is left and closes the file; does nothing the second time.
   *
   * @throws UncheckedIOException if that fails, and the file is incomplete
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      writer.close();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private UncheckedIOException cannotWrite(IOException cause) {
    return new UncheckedIOException(
        "cannot write trace file '%s': %s; name a file in a directory with room that you may write"
            .formatted(path, cause),
        cause);
  }
}
