package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.fusesource.leveldbjni.JniDBFactory;

/**
 * Loads LevelDB. Its Java side unpacks the native library into a directory and loads it from there;
 * by default that would be the directory for temporary files, which everybody may write to and
 * which is often mounted noexec, and a killed process would leave its copy behind.
 */
final class NativeLibrary {
  /** Where the Java side looks for the library, and unpacks it to. */
  private static final String PATH_PROPERTY = "library.leveldbjni.path";

  private static final System.Logger LOG = System.getLogger(NativeLibrary.class.getName());
  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads the library unless this class loader has it already. A set system property {@value
   * #PATH_PROPERTY} is left alone.
   *
   * @param home the storage directory, which this process has locked
   * @throws StorageException UNSUPPORTED_PLATFORM if there is none for this platform, or the
   *     directory is mounted noexec
   */
  static synchronized void load(Path home, LevelDbOptions options) throws IOException {
    if (loaded) {
      return;
    }
    Path directory = null;
    if (System.getProperty(PATH_PROPERTY) == null) {
      String option = options.getNativeLibraryDirectory();
      directory =
          option == null ? home.resolve("native") : Path.of(option).toAbsolutePath().normalize();
      prepare(directory);
      System.setProperty(PATH_PROPERTY, directory.toString());
    }
    try {
      loaded = JniDBFactory.factory != null;
    } catch (LinkageError e) {
      throw StorageErrors.unsupported(home, e);
    } finally {
      if (directory != null) {
        System.clearProperty(PATH_PROPERTY);
        clean(directory);
      }
    }
  }

  private static void prepare(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
    }
    clean(directory);
  }

  /**
   * Removes unpacked libraries: those that killed processes left behind, and the one just loaded,
   * which stays in memory. Where a loaded file cannot be removed, the next start does it.
   */
  private static void clean(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*leveldbjni-*")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot remove an unpacked library yet", e);
    }
  }
}
