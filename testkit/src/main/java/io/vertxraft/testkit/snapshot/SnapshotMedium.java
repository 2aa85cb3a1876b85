package io.vertxraft.testkit.snapshot;

import io.vertx.core.Future;
import io.vertxraft.spi.StorageException;
import java.util.function.Supplier;

/**
 * What {@link ShelvedSnapshots} are stored on: how long each step takes, and which of them fail.
 */
public interface SnapshotMedium {
  /** What is done to the medium. */
  enum Step {
    /** A draft is begun, and what earlier ones left is looked through. */
    BEGIN,
    /** Bytes are written to a file. */
    APPEND,
    /** All files of a draft are synced. */
    SYNC_FILES,
    /** The manifest is written and synced. */
    SYNC_MANIFEST,
    /** The draft gets the name of a snapshot. */
    RENAME,
    /** The directory that holds the name is synced. */
    SYNC_DIRECTORY,
    /** Every byte of a snapshot is read and compared with its manifest. */
    VERIFY,
    /** Bytes are read from a file. */
    READ,
    /** A draft or a snapshot is removed. */
    REMOVE;

    /** Whether it needs the medium to take something. */
    public boolean writes() {
      return this == APPEND || isSync() || this == RENAME;
    }

    /** Whether it makes something durable. */
    public boolean isSync() {
      return this == SYNC_FILES || this == SYNC_MANIFEST || this == SYNC_DIRECTORY;
    }
  }

  /**
   * The change that a step makes.
   *
   * @param <T> what it gives
   */
  @FunctionalInterface
  interface Work<T> {
    /**
     * Makes the whole change.
     *
     * @throws StorageException if what is there is not what it should be
     */
    T all();

    /** Makes as much of the change as {@code bytes} of it are; by default none. */
    default void part(long bytes) {}

    /** Makes the change in a way that looks durable and is not; by default as {@link #all}. */
    default T seemingly() {
      return all();
    }
  }

  /**
   * Carries out a call; its result is given out where the caller's futures complete.
   *
   * @param operation runs at once, and gives the result some time
   */
  <T> Future<T> call(Supplier<Future<T>> operation);

  /**
   * Carries out a step of a call.
   *
   * @param step what kind of step
   * @param bytes how many bytes it moves
   * @param work what changes when it is done
   * @return completes at the end of the step; fails with what {@code work} throws, or with a fault
   *     of the medium
   */
  <T> Future<T> carryOut(Step step, long bytes, Work<T> work);

  /** Why no call is taken, or null. */
  StorageException refusal();

  /** Whether a name is there although the sync that was to make it durable has failed. */
  boolean keepsUnsure();

  /** A draft of a received snapshot begins with bytes that were there already. */
  default void resumed(long bytes) {}
}
