package io.vertxraft.leveldb;

import io.vertx.core.Promise;
import io.vertxraft.protocol.LogEntry;
import java.util.List;

/**
 * One write of a group on its way to the disk, worked out completely on the group's context.
 *
 * @param meta the group's meta record after this write
 * @param deleteFrom first index to delete, greater than {@code deleteTo} if there is none
 * @param deleteTo last index to delete
 * @param truncateFrom first index this write takes out of the log, or 0
 */
record WriteJob(
    LevelDbGroup group,
    GroupMeta meta,
    long deleteFrom,
    long deleteTo,
    long truncateFrom,
    List<LogEntry> entries,
    long bytes,
    Promise<Void> promise)
    implements LogWriter.Job {}
