package io.vertxraft.spi;

import java.util.regex.Pattern;

/**
 * A file of a snapshot, and how to know it again.
 *
 * @param name relative path, see {@link #requireName}
 * @param bytes its length
 * @param sha256 SHA-256 of its content in 64 lower-case hexadecimal digits
 */
public record SnapshotFile(String name, long bytes, String sha256) {
  private static final int NAME_CHARS_MAX = 256;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,7}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Checks all three. */
  public SnapshotFile {
    requireName(name);
    if (bytes < 0) {
      throw new IllegalArgumentException("file '%s' has a length of %d".formatted(name, bytes));
    }
    if (sha256 == null || !SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "file '%s' has no SHA-256 of 64 hexadecimal digits but '%s'".formatted(name, sha256));
    }
  }

  /**
   * Checks the name of a file: up to eight parts joined by {@code /}, each of 1 to 100 letters,
   * digits, dots, underscores or hyphens that does not begin with a dot. Such a name cannot leave
   * the snapshot's directory.
   *
   * @return the name
   * @throws IllegalArgumentException saying what is allowed if it is anything else
   */
  public static String requireName(String name) {
    if (name == null || name.length() > NAME_CHARS_MAX || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          ("'%s' is no name for a file of a snapshot: use up to eight parts joined by '/', each of"
                  + " 1 to 100 characters of A-Z a-z 0-9 . _ - and not beginning with a dot, %d"
                  + " characters in all")
              .formatted(name, NAME_CHARS_MAX));
    }
    return name;
  }
}
