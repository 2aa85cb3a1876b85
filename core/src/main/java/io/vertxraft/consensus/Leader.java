package io.vertxraft.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.LogEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Orders proposals, replicates them, and decides what is committed (§5.3, §5.4.2). */
final class Leader extends Role {
  /** A follower that fetches a snapshot is waited for so many election timeouts. */
  private static final int SILENT_TIMEOUTS_MAX = 10;

  private final Map<String, Progress> followers = new TreeMap<>();
  private final EntryCodec codec;
  private final long firstOwnIndex;
  private final Authority authority;
  private final Handover handover;
  private long nextHeartbeat;
  private AppendEntries lastBuilt;

  Leader(RaftCore core, long now) {
    super(core);
    this.codec = new EntryCodec(core.settings().groupId());
    this.firstOwnIndex = core.log().lastIndex() + 1;
    this.nextHeartbeat = now + core.settings().heartbeatNanos();
    CoreSettings settings = core.settings();
    for (String member : core.configuration().members()) {
      if (!member.equals(core.nodeId())) {
        Inflights window =
            new Inflights(settings.inflightMessagesMax(), settings.inflightBytesMax());
        ClockWatch clock =
            new ClockWatch(settings.electionTimeoutNanos(), settings.clockDriftMaxPercent());
        followers.put(member, new Progress(member, firstOwnIndex, window, clock, now));
      }
    }
    this.authority = new Authority(core, followers, firstOwnIndex, now);
    this.handover = new Handover(core, followers, authority);
  }

  /** Announces itself, and appends the entry that lets earlier terms commit. */
  void start(long now) {
    append(EntryCodec.allocate(0), EntryType.NO_OP);
    authority.sendRound(now);
  }

  @Override
  RoleKind kind() {
    return RoleKind.LEADER;
  }

  @Override
  long deadline() {
    return nextHeartbeat;
  }

  @Override
  String leaderId() {
    return core.nodeId();
  }

  /** Index of the first entry of this leader's term. */
  long firstOwnIndex() {
    return firstOwnIndex;
  }

  Collection<Progress> followers() {
    return followers.values();
  }

  /** Appends one entry whose payload stands in {@code bytes} after the header. */
  void append(byte[] bytes, EntryType type) {
    core.log().append(codec.seal(bytes, core.log().lastIndex() + 1, core.term(), type));
  }

  @Override
  void tick(long now) {
    if (now - nextHeartbeat < 0) {
      return;
    }
    nextHeartbeat = now + core.settings().heartbeatNanos();
    if (core.chooses(Choice.STEP_DOWN)) {
      core.becomeFollower(core.term(), null, "asked to", now);
      return;
    }
    if (!authority.quorumIsAlive(now)) {
      core.reached(Mark.CHECK_QUORUM_STEP_DOWN);
      core.becomeFollower(core.term(), null, "no quorum has answered for an election timeout", now);
      return;
    }
    if (core.fitness().isStorageStalled(now)) {
      handover.fence(now);
      return;
    }
    handover.tick(now);
    long stuckSince = now - core.settings().electionTimeoutNanos();
    for (Progress follower : followers.values()) {
      follower.allowProbe();
      if (follower.stuckSince(stuckSince)) {
        core.reached(Mark.STUCK_FOLLOWER_PROBED);
        probe(follower, follower.matchIndex() + 1, "no answer to entries in flight");
      }
    }
    authority.sendRound(now);
  }

  @Override
  void onHeartbeatReply(String from, HeartbeatReply reply, long now) {
    Progress follower = followers.get(from);
    if (follower == null) {
      return;
    }
    if (reply.damagedTerm() == core.term()) {
      // Its confirmations of this term may be void. In another term they are told apart from new.
      core.reached(Mark.DAMAGE_ENDS_TERM);
      core.becomeFollower(
          core.term(), null, from + " has lost entries that it confirmed in this term", now);
      return;
    }
    if (follower.damaged(reply.damagedTerm() > 0)) {
      core.effects().notice(new Effects.DamageFound(from));
    }
    authority.answered(follower, reply, now);
  }

  // --- what is asked of a leader -----------------------------------------------------------------

  Authority authority() {
    return authority;
  }

  Handover handover() {
    return handover;
  }

  // --- replication ------------------------------------------------------------------------------

  @Override
  void onAppendEntriesReply(String from, AppendEntriesReply reply, long now) {
    Progress follower = followers.get(from);
    if (follower == null) {
      return;
    }
    if (reply.accepted()) {
      onAccepted(follower, reply, now);
    } else {
      onRefused(follower, reply);
    }
  }

  private void onAccepted(Progress follower, AppendEntriesReply reply, long now) {
    core.requireInvariant(
        reply.matchIndex() <= core.log().lastIndex(),
        follower.nodeId() + " confirms an entry this leader does not have",
        reply.matchIndex());
    boolean advanced = follower.accepted(reply.matchIndex(), now);
    // A late confirmation may be of entries that are followed by such as are gone.
    if (follower.state() != Progress.State.REPLICATE
        && follower.matchIndex() + 1 >= core.log().firstIndex()) {
      follower.becomeReplicate(now);
      core.effects()
          .notice(
              new Effects.ProgressChanged(
                  follower.nodeId(), Progress.State.REPLICATE, "common entry found"));
    }
    if (advanced) {
      advanceCommit();
    }
  }

  private void onRefused(Progress follower, AppendEntriesReply reply) {
    long refused = reply.matchIndex();
    // Nobody refuses in this term what it has confirmed in it, unless it has lost it since. Then
    // its
    // next heartbeat's answer says so, and asking once more before that only gives a storm.
    boolean stale =
        refused <= follower.matchIndex()
            || follower.state() == Progress.State.SNAPSHOT
            || (follower.state() == Progress.State.PROBE
                ? refused != follower.nextIndex() - 1
                : refused >= follower.nextIndex());
    if (stale) {
      core.reached(Mark.STALE_REFUSAL_IGNORED);
      return;
    }
    probe(follower, nextAfterRefusal(reply), "log differs before index " + (refused + 1));
  }

  /**
   * Where to look next. Entries of a higher term than the follower's at the refused index cannot be
   * common, so the search skips a whole term per round trip on either side (§5.3, last paragraphs).
   */
  private long nextAfterRefusal(AppendEntriesReply reply) {
    long refused = reply.matchIndex();
    if (reply.conflictTerm() == 0) {
      return Math.min(reply.conflictIndex(), refused);
    }
    LogView log = core.log();
    long candidate = log.lastIndexWithTermAtMost(reply.conflictTerm(), refused - 1);
    boolean sameTerm = log.termAt(candidate) == reply.conflictTerm();
    long next = sameTerm ? candidate + 1 : Math.min(candidate + 1, reply.conflictIndex());
    if (next < refused) {
      core.reached(Mark.CONFLICT_TERM_SKIPPED);
    }
    return Math.max(1, Math.min(next, refused));
  }

  private void probe(Progress follower, long next, String cause) {
    boolean news = follower.state() != Progress.State.PROBE;
    follower.becomeProbe(next);
    if (news) {
      core.effects()
          .notice(new Effects.ProgressChanged(follower.nodeId(), Progress.State.PROBE, cause));
    }
  }

  @Override
  void persisted(long seq, long now) {
    advanceCommit();
  }

  /**
   * Commits what a quorum holds durably, this leader counting only what is durable here, and
   * only if the newest such entry is of this term; earlier ones commit with it (§5.4.2, figure 8).
   */
  private void advanceCommit() {
    LogView log = core.log();
    long index = Quorum.reachedValue(core.configuration(), this::durableOn);
    if (index <= core.commitIndex()) {
      return;
    }
    if (log.termAt(index) != core.term()) {
      core.reached(Mark.OLD_TERM_NOT_COMMITTED);
      return;
    }
    if (index > log.durableIndex()) {
      core.reached(Mark.COMMITTED_BEFORE_OWN_DISK);
    } else if (index == log.durableIndex() && index < log.lastIndex()) {
      core.reached(Mark.COMMITTED_BY_OWN_DISK);
    }
    core.commitTo(index);
    authority.committed();
  }

  private long durableOn(String id) {
    return id.equals(core.nodeId()) ? core.log().durableIndex() : followers.get(id).countedIndex();
  }

  /** Sends every follower what its window has room for; called once at the end of a turn. */
  void replicate(long now) {
    if (core.chooses(Choice.EARLY_HEARTBEAT)) {
      authority.sendRound(now);
    }
    authority.startRoundForReads(now);
    handover.advance(now);
    for (Progress follower : followers.values()) {
      if (core.chooses(Choice.PROBE_ANEW)) {
        probe(follower, follower.matchIndex() + 1, "asked to");
      }
      if (needsSnapshot(follower) || offersAnyway(follower)) {
        sendOffer(follower);
      } else if (follower.state() == Progress.State.PROBE) {
        sendProbe(follower);
      } else {
        sendEntries(follower, now);
      }
    }
    lastBuilt = null;
  }

  private boolean needsSnapshot(Progress follower) {
    return follower.nextIndex() < core.log().firstIndex();
  }

  /** Whether a follower gets a snapshot that could have entries. */
  private boolean offersAnyway(Progress follower) {
    return follower.state() == Progress.State.SNAPSHOT
        || (follower.matchIndex() < core.snapshots().availableIndex()
            && core.snapshots().canOffer()
            && core.chooses(Choice.OFFER_SNAPSHOT));
  }

  /** The entries before the first are gone: whoever needs one of them needs a snapshot. */
  void logCompacted() {
    for (Progress follower : followers.values()) {
      if (needsSnapshot(follower)) {
        becomeSnapshot(follower);
      }
    }
  }

  private void becomeSnapshot(Progress follower) {
    if (follower.state() != Progress.State.SNAPSHOT) {
      core.reached(Mark.SNAPSHOT_OFFERED);
      String cause =
          needsSnapshot(follower) ? "entry " + follower.nextIndex() + " is gone" : "asked to";
      follower.becomeSnapshot();
      core.effects()
          .notice(new Effects.ProgressChanged(follower.nodeId(), Progress.State.SNAPSHOT, cause));
    }
  }

  private void sendOffer(Progress follower) {
    becomeSnapshot(follower);
    Snapshots snapshots = core.snapshots();
    if (!snapshots.canOffer() || core.chooses(Choice.RENEW_SNAPSHOT)) {
      core.reached(Mark.SNAPSHOT_WANTED);
      core.effects().wantSnapshot();
    } else if (!follower.probing()) {
      follower.probeSent();
      core.effects()
          .send(
              follower.nodeId(),
              new InstallSnapshot(
                  core.term(),
                  snapshots.availableIndex(),
                  snapshots.availableTerm(),
                  needsSnapshot(follower) ? core.log().firstIndex() - 1 : wantedIndex(follower)));
    }
  }

  /** Where a snapshot must end at least for a follower that could have entries as well. */
  private long wantedIndex(Progress follower) {
    long newest = core.snapshots().availableIndex();
    return follower.installIndex() > 0 ? Math.min(newest, follower.installIndex()) : newest;
  }

  @Override
  void onInstallSnapshotReply(String from, InstallSnapshotReply reply, long now) {
    Progress follower = followers.get(from);
    if (follower == null || follower.state() != Progress.State.SNAPSHOT) {
      return;
    }
    if (!reply.installed()) {
      follower.installing(reply.lastIndex(), reply.bytesDone(), reply.bytesTotal());
      return;
    }
    long index = reply.lastIndex();
    core.requireInvariant(
        index <= core.log().lastIndex(),
        from + " has installed what this leader does not have",
        index);
    boolean advanced = follower.accepted(index, now);
    if (follower.matchIndex() + 1 >= core.log().firstIndex()) {
      follower.becomeReplicate(now);
      core.effects()
          .notice(
              new Effects.ProgressChanged(
                  from, Progress.State.REPLICATE, "everything up to " + index + " is installed"));
    } else {
      core.reached(Mark.SNAPSHOT_TOO_OLD_WHEN_INSTALLED);
    }
    if (advanced) {
      advanceCommit();
    }
  }

  /**
   * Lowest index that a follower still needs which answers; with {@code installing} of those only
   * that fetch a snapshot, which may be silent for a while.
   */
  long retainFrom(boolean installing, long now) {
    long lowest = Long.MAX_VALUE;
    for (Progress follower : followers.values()) {
      boolean counts =
          installing
              ? follower.state() == Progress.State.SNAPSHOT
                  && now - follower.lastContact()
                      < SILENT_TIMEOUTS_MAX * core.settings().electionTimeoutNanos()
              : authority.isAlive(follower.nodeId(), now);
      if (counts) {
        lowest = Math.min(lowest, follower.neededFrom(core.log().firstIndex()));
      }
    }
    return lowest;
  }

  private void sendProbe(Progress follower) {
    if (!follower.probing()) {
      follower.probeSent();
      core.effects().send(follower.nodeId(), build(follower.nextIndex(), List.of()));
    }
  }

  private void sendEntries(Progress follower, long now) {
    LogView log = core.log();
    CoreSettings settings = core.settings();
    while (follower.canSend() && follower.nextIndex() <= log.lastIndex()) {
      long next = follower.nextIndex();
      if (log.entryIfCached(next) == null) {
        follower.startLoading();
        long to = Math.min(log.durableIndex(), next + settings.appendEntriesMax() - 1);
        core.reached(Mark.ENTRIES_LOADED);
        core.effects()
            .load(
                new Effects.Load(
                    follower.nodeId(), core.term(), next, to, settings.appendBytesMax()));
        return;
      }
      send(follower, next, now);
      if (core.chooses(Choice.PAUSE_PIPELINE)) {
        return;
      }
    }
    if (follower.nextIndex() <= log.lastIndex() && !follower.canSend()) {
      core.reached(Mark.WINDOW_FULL);
    }
  }

  private void send(Progress follower, long next, long now) {
    AppendEntries message = lastBuilt;
    // Followers at the same position get the same message object: it is built once.
    if (message == null || message.prevLogIndex() != next - 1) {
      CoreSettings settings = core.settings();
      int entriesMax = core.chooses(Choice.APPEND_ONE_ENTRY) ? 1 : settings.appendEntriesMax();
      message = build(next, core.log().cachedFrom(next, entriesMax, settings.appendBytesMax()));
      lastBuilt = message;
    }
    follower.sent(message.lastIndex(), message.entryBytes(), now);
    core.effects().send(follower.nodeId(), message);
  }

  /** Entries asked for by a {@link Effects.Load} have been read. */
  void loaded(Effects.Load load, List<LogEntry> entries, long now) {
    Progress follower = followers.get(load.peer());
    if (follower == null || !follower.isLoading(load.fromIndex())) {
      core.reached(Mark.LOAD_DISCARDED);
      return;
    }
    follower.stopLoading();
    boolean wanted =
        follower.state() == Progress.State.REPLICATE
            && !entries.isEmpty()
            && entries.get(0).index() == follower.nextIndex();
    if (wanted) {
      AppendEntries message = build(follower.nextIndex(), entries);
      follower.sent(message.lastIndex(), message.entryBytes(), now);
      core.effects().send(load.peer(), message);
    }
  }

  private AppendEntries build(long next, List<LogEntry> entries) {
    long prevTerm = core.log().termAt(next - 1);
    return new AppendEntries(core.term(), next - 1, prevTerm, core.commitIndex(), entries);
  }
}
