package io.vertxraft.leveldb;

import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.RecoveredLog.TermRun;
import io.vertxraft.spi.StorageException;
import java.util.List;

/**
 * What has been decided about a group.
 *
 * @param meta what the group goes on with; null if it is refused
 * @param inDatabase whether {@code meta} is what the database says already
 * @param witnessed whether the watermark already says term and vote of {@code meta}, and has a mark
 * @param termRuns terms of the log
 * @param health what the member is told
 * @param nature what is wrong, for people; null if nothing is
 * @param unreadable whether records of the group are damaged in the database itself
 * @param refusal why nobody may open the group; null if it may be opened
 */
record Verdict(
    int number,
    String groupId,
    GroupMeta meta,
    boolean inDatabase,
    boolean witnessed,
    List<TermRun> termRuns,
    Health health,
    String nature,
    boolean unreadable,
    StorageException refusal) {

  RecoveredLog recovered() {
    return new RecoveredLog(
        meta.hardState(), meta.first(), meta.last(), meta.prevTerm(), termRuns, health);
  }
}
