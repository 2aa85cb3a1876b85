package io.vertxraft.leveldb;

import io.vertx.core.Promise;
import io.vertxraft.protocol.LogEntry;
import java.util.List;

/**
 * One change of a group on its way to the disk, checked on the group's context.
 *
 * @param meta what is to be said about the group after this change
 * @param discardsLog whether everything in the log goes; it then starts at {@code meta.first()}
 * @param truncateFrom first index this change takes off the end of the log, or 0
 */
record WriteJob(
    LevelDbGroup group,
    GroupMeta meta,
    boolean discardsLog,
    long truncateFrom,
    List<LogEntry> entries,
    long bytes,
    Promise<Void> promise)
    implements LogWriter.Job {}
