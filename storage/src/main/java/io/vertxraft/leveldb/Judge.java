package io.vertxraft.leveldb;

import io.vertxraft.leveldb.Witness.Mark;
import io.vertxraft.leveldb.Witness.Promise;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Compares what a database says about its groups with what the {@link Watermark} says, group by
 * group. Changes nothing.
 *
 * <p>Term and vote are in both. Those of the database count if it has at least the changes that the
 * watermark knows; else those of the watermark, which are exact. If only one of the two can be
 * read, it is believed as long as nothing else is wrong: one fault is survived, two at once are
 * not. A log is believed as far as it is whole, and called damaged unless the watermark vouches
 * that nothing of it is missing.
 */
final class Judge {
  private static final String EARLIER = "it was damaged and has not been made whole since";
  private static final String MISSING = "its meta record is missing";

  private final Path home;
  private final Database database;
  private final Map<Integer, Witness> witnesses;
  private final String fileDamage;
  private final String torn;
  private final BooleanSupplier cancelled;

  /**
   * A judge.
   *
   * @param database the database as far as it is whole, or null if nothing of it can be used
   * @param fileDamage what is wrong with the files of the database; null if nothing is
   * @param torn which torn ends were cut off; empty if none were
   */
  Judge(
      Path home,
      Database database,
      Map<Integer, Witness> witnesses,
      String fileDamage,
      String torn,
      BooleanSupplier cancelled) {
    this.home = home;
    this.database = database;
    this.witnesses = witnesses;
    this.fileDamage = fileDamage;
    this.torn = torn;
    this.cancelled = cancelled;
  }

  /**
   * Judges all groups that the database or the watermark knows.
   *
   * @throws StorageException if it is not even certain which groups there are
   */
  List<Verdict> judge() throws IOException {
    Map<Integer, String> groups = new TreeMap<>();
    boolean registerDamaged = database != null && !register(groups);
    witnesses.forEach((number, witness) -> addWitnessed(groups, number, witness));
    if (groups.isEmpty() && (fileDamage != null || registerDamaged)) {
      throw StorageErrors.lostMeta(
          home, fileDamage == null ? "the records of its groups cannot be read" : fileDamage);
    }
    List<Verdict> verdicts = new ArrayList<>();
    for (Map.Entry<Integer, String> group : groups.entrySet()) {
      Witness witness = witnesses.getOrDefault(group.getKey(), Witness.NONE);
      verdicts.add(judge(group.getKey(), group.getValue(), witness, registerDamaged));
    }
    return verdicts;
  }

  /** Reads which groups the database has; false if that cannot be read completely. */
  private boolean register(Map<Integer, String> groups) throws IOException {
    try {
      database.scan(
          Keys.of(Keys.GROUP, 0, 0),
          false,
          (key, value) -> {
            if (Keys.isType(key, Keys.GROUP)) {
              groups.put(Keys.group(key), GroupRecord.decode(Keys.group(key), value));
            }
            return Keys.isType(key, Keys.GROUP);
          });
      return true;
    } catch (CorruptEntryException e) {
      return false;
    } catch (IOException | RuntimeException e) {
      requireDamage(e);
      return false;
    }
  }

  /** Goes on only if the cause is damage: a want of memory or file handles passes. */
  private void requireDamage(Exception cause) {
    StorageException failure = StorageErrors.of(home, "Opening", cause);
    if (failure.kind() != Kind.CORRUPT) {
      throw failure;
    }
  }

  private void addWitnessed(Map<Integer, String> groups, int number, Witness witness) {
    String known = groups.get(number);
    Promise promise = witness.promise();
    if (promise == null && known == null) {
      throw StorageErrors.lostMeta(
          home, "the watermark knows group number %d, but not its name".formatted(number));
    }
    if (promise != null && known != null && !known.equals(promise.groupId())) {
      throw StorageErrors.lostMeta(
          home,
          "group number %d is '%s' in the database, but '%s' in the watermark"
              .formatted(number, known, promise.groupId()));
    }
    groups.putIfAbsent(number, promise == null ? known : promise.groupId());
  }

  private Verdict judge(int number, String groupId, Witness witness, boolean registerDamaged)
      throws IOException {
    String trouble = null;
    GroupMeta meta = null;
    GroupCheck.Result log = null;
    if (database != null) {
      try {
        meta = meta(number, groupId);
        log = GroupCheck.check(home, database, groupId, number, meta, cancelled);
        trouble = log.problem();
        if (trouble == null) {
          meta = meta.grown(log.last(), log.lastTerm());
        }
      } catch (CorruptEntryException e) {
        trouble = e.getMessage();
      } catch (IOException | RuntimeException e) {
        requireDamage(e);
        trouble = "its meta record cannot be read (%s)".formatted(e.getMessage());
      }
    }
    boolean told =
        trouble == null || trouble.equals(MISSING) || trouble.equals(GroupMeta.REVOCATION);
    boolean unreadable = registerDamaged || !told;
    boolean clean = fileDamage == null && torn.isEmpty() && trouble == null && !registerDamaged;
    boolean untouched = meta != null && meta.sequence() == 0 && meta.last() < meta.first();
    if (untouched && witness == Witness.NONE && clean) {
      // The process died between the creation of the group and that of its marks.
      return new Verdict(
          number, groupId, meta, true, false, log.termRuns(), Health.OK, null, false, null);
    }
    HardState promised = promised(meta, witness.promise(), clean);
    if (promised == null) {
      String nature = uncertainty(witness, trouble);
      StorageException refusal = StorageErrors.lostMeta(home, about(groupId, nature));
      return new Verdict(
          number, groupId, null, false, true, List.of(), Health.OK, nature, unreadable, refusal);
    }
    String loss = loss(meta, log, witness, trouble);
    GroupMeta next = meta;
    if (loss != null) {
      next = damaged(meta, log, witness, promised);
    }
    boolean witnessed =
        witness.promise() != null
            && witness.mark() != null
            && witness.promise().hardState().equals(next.hardState());
    return new Verdict(
        number,
        groupId,
        next,
        loss == null,
        witnessed,
        log == null ? List.of() : log.termRuns(),
        health(groupId, next, loss),
        next.damaged() && loss == null ? EARLIER : loss,
        unreadable,
        null);
  }

  private GroupMeta meta(int number, String groupId) {
    byte[] bytes = database.get(Keys.of(Keys.META, number, 0));
    if (bytes == null) {
      throw new CorruptEntryException(MISSING);
    }
    return GroupMeta.decode(groupId, bytes);
  }

  /** Term and vote of the group, or null if they are not certain. */
  private static HardState promised(GroupMeta meta, Promise promise, boolean clean) {
    if (promise == null) {
      return meta != null && clean ? meta.hardState() : null;
    }
    if (meta == null || meta.sequence() < promise.sequence()) {
      return promise.hardState();
    }
    return promise.mayBecome(meta.hardState()) ? meta.hardState() : null;
  }

  /** Why entries that were acknowledged may be missing, or null if none are. */
  private String loss(GroupMeta meta, GroupCheck.Result log, Witness witness, String trouble) {
    if (trouble != null || meta == null) {
      return reason(trouble);
    }
    if (meta.sequence() < witness.sequence() || isShorter(meta, log, witness.mark())) {
      String ends =
          "the database ends at change %d (entry %d of term %d), acknowledged was change %d%s"
              .formatted(
                  meta.sequence(),
                  meta.last(),
                  meta.lastTerm(),
                  witness.sequence(),
                  witness.mark() == null
                      ? ""
                      : " (entry %d of term %d)"
                          .formatted(witness.mark().last(), witness.mark().lastTerm()));
      return fileDamage == null ? ends : fileDamage + "; " + ends;
    }
    return witness.promise() == null || witness.mark() == null
        ? "what the watermark says about it cannot be read, so nothing tells what was acknowledged"
        : null;
  }

  /** Whether what was acknowledged since the last change has more entries, or other ones. */
  private static boolean isShorter(GroupMeta meta, GroupCheck.Result log, Mark mark) {
    return mark != null
        && mark.sequence() == meta.sequence()
        && mark.last() >= meta.first()
        && (mark.last() > log.last() || log.termAt(mark.last()) != mark.lastTerm());
  }

  private String reason(String trouble) {
    if (fileDamage == null) {
      return trouble;
    }
    return trouble == null ? fileDamage : fileDamage + "; " + trouble;
  }

  private String uncertainty(Witness witness, String trouble) {
    StringBuilder text = new StringBuilder();
    for (String known : new String[] {fileDamage, torn.isEmpty() ? null : torn, trouble}) {
      text.append(known == null ? "" : known + "; ");
    }
    return text.append(
            witness.promise() == null
                ? "what the watermark says about it cannot be read"
                : "the watermark and the database contradict each other")
        .toString();
  }

  private static GroupMeta damaged(
      GroupMeta meta, GroupCheck.Result log, Witness witness, HardState promised) {
    long sequence = witness.sequence();
    if (meta == null) {
      return new GroupMeta(sequence + 1, promised, 1, 0, 0, 0, 1, true);
    }
    return new GroupMeta(
        Math.max(sequence, meta.sequence()) + 1,
        promised,
        meta.first(),
        log.last(),
        log.lastTerm(),
        meta.prevTerm(),
        meta.clearedTo(),
        true);
  }

  private Health health(String groupId, GroupMeta meta, String loss) {
    if (meta.damaged()) {
      String nature = loss == null ? EARLIER : loss;
      return new Health(
          Health.State.DAMAGED,
          "storage directory '%s': %s. %s."
              .formatted(home, about(groupId, nature), StorageErrors.DAMAGED));
    }
    return torn.isEmpty()
        ? Health.OK
        : new Health(
            Health.State.REPAIRED,
            ("storage directory '%s': %s. It is cut off; all that was acknowledged is there. The file as"
                    + " it was is kept there under the name 'aside-...'. There is nothing to do.")
                .formatted(home, torn));
  }

  private static String about(String groupId, String nature) {
    return "group '%s': %s".formatted(groupId, nature);
  }
}
