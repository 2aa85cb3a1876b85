package io.vertxraft.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One member's share of the Raft algorithm.
 *
 * <p>Its owner calls one method per event, any number of them per turn, and ends the turn with
 * {@link #endTurn}, which gives the effects to carry out. A turn is atomic: its messages leave
 * after everything the turn wrote is durable (or promise nothing), so that a crash before looks to
 * the others as if the turn's events had never arrived. All times are nanoseconds of one monotonic
 * clock. Not thread-safe.
 */
public final class RaftCore {
  private final CoreSettings settings;
  private final RandomSource random;
  private final Configuration configuration;
  private final LogView log;
  private final Fitness fitness;
  private final Leadership leadership = new Leadership(this);
  private final Snapshots snapshots = new Snapshots(this);
  private final ApplyGate applyGate;
  private long term;
  private String votedFor;
  private long commitIndex;
  private long appliedIndex;
  private Role role;
  private Effects effects = new Effects();
  private boolean hardStateChanged;
  private boolean recovered;
  private boolean commitTold;
  private long writeSeq;
  private boolean readyAnnounced;
  private long electionsStarted;
  private long announcedTerm = -1;

  /**
   * A member as it comes up: a follower that knows no leader.
   *
   * @param settings fixed parameters
   * @param recovery what the member comes up with
   * @param random source of election timeouts
   * @param now current time
   */
  public RaftCore(CoreSettings settings, Recovery recovery, RandomSource random, long now) {
    this.settings = settings;
    this.configuration = settings.configuration();
    this.random = random;
    this.log = recovery.log();
    this.term = recovery.hardState().term();
    this.votedFor = recovery.hardState().votedFor();
    this.commitIndex = recovery.commitIndex();
    this.applyGate = new ApplyGate(commitIndex);
    this.appliedIndex = recovery.appliedIndex();
    this.fitness = new Fitness(settings, recovery.damaged() ? term : 0);
    this.role = new Follower(this, null, now);
    if (term > 0 && !isLoneVoter()) {
      // An earlier life may have heard a leader just before it ended.
      fitness.promiseSilence(now);
    }
    if (log.lastIndex() > commitIndex) {
      reached(Mark.RECOVERED_UNCOMMITTED);
    }
    settings.probe().stepped(Probe.Step.START, null, null, this);
  }

  // --- events ---------------------------------------------------------------------------------

  /** Time has passed; call at or after {@link #deadline()}, more often does no harm. */
  public void tick(long now) {
    role.tick(now);
    stepped(Probe.Step.TICK);
  }

  /** A message of another member has arrived. Messages from strangers are ignored. */
  public void receive(String from, RaftMessage message, long now) {
    if (from.equals(settings.nodeId()) || !configuration.isMember(from)) {
      return;
    }
    if (message instanceof PreVoteRequest request) {
      role.onPreVoteRequest(from, request, now);
    } else if (message instanceof PreVoteReply reply && reply.term() <= term) {
      // Voters of a lower term count too: a member that came back with a higher term needs them.
      role.onPreVoteReply(from, reply, now);
    } else if (message.term() < term) {
      answerStale(from, message);
    } else if (message instanceof VoteRequest request && mustBeSilent(from, request, now)) {
      reached(Mark.VOTE_REFUSED_LEADER_ALIVE);
      effects.sendWhenDurable(from, new VoteReply(term, false));
    } else {
      if (message.term() > term) {
        if (isLeader()) {
          reached(Mark.LEADER_DEPOSED);
        }
        becomeFollower(message.term(), null, "higher term seen at " + from, now);
      }
      role.receive(from, message, now);
    }
    Invariants.check(this);
    settings.probe().stepped(Probe.Step.RECEIVE, from, message, this);
  }

  /**
   * Whether a vote would break the promise to a leader that may live (thesis 6.4.1). The request's
   * term is not taken over either. A vote that was given before is given again.
   */
  private boolean mustBeSilent(String from, VoteRequest request, long now) {
    boolean repeated = request.term() == term && from.equals(votedFor);
    return owesSilence(now) && !request.transfer() && !repeated;
  }

  /**
   * A deposed leader or candidate learns the current term from the answer, and steps down (§5.1).
   * The refused index is 0, which no leader waits for: should the sender lead again, it must not
   * take this for an answer about its present log.
   */
  private void answerStale(String from, RaftMessage message) {
    reached(Mark.STALE_REQUEST_ANSWERED);
    if (message instanceof AppendEntries) {
      effects.sendWhenDurable(from, AppendEntriesReply.refused(term, 0, 0, log.lastIndex() + 1));
    } else if (message instanceof Heartbeat heartbeat) {
      effects.send(
          from, new HeartbeatReply(term, heartbeat.sentAtNanos(), 0, fitness.damagedTerm()));
    } else if (message instanceof VoteRequest) {
      effects.sendWhenDurable(from, new VoteReply(term, false));
    }
  }

  /**
   * Appends commands to the log if this member leads.
   *
   * @param commands arrays from {@link EntryCodec#allocate} with type and payload in place; owned
   *     by the core from now on
   * @return index of the first command, the others following; 0 if this member does not lead, and
   *     nothing was appended
   */
  public long propose(List<byte[]> commands) {
    if (!(role instanceof Leader leader)) {
      return 0;
    }
    long first = log.lastIndex() + 1;
    for (byte[] command : commands) {
      leader.append(command, EntryCodec.typeOf(command));
    }
    stepped(Probe.Step.PROPOSE);
    return first;
  }

  /** The disk is short of room, or has room again: no entries are taken, or are taken again. */
  public void roomChanged(boolean isShortOfRoom, long now) {
    fitness.shortOfRoom(isShortOfRoom);
    if (isShortOfRoom && role instanceof Leader leader) {
      leader.handover().makeWay(now);
    }
  }

  /** Storage has completed all writes up to {@code seq}. */
  public void persisted(long seq, long now) {
    fitness.writes().completed(seq, now);
    applyGate.persisted(seq);
    log.markDurable(seq);
    if (chooses(Choice.EVICT_ENTRIES)) {
      log.evictDurable(0);
    }
    role.persisted(seq, now);
    stepped(Probe.Step.PERSISTED);
  }

  /** The state machine has applied everything up to {@code index}. */
  public void applied(long index) {
    appliedIndex = index;
    noteRecovery();
    stepped(Probe.Step.APPLIED);
  }

  /** Entries asked for by {@code load} have been read. */
  public void loaded(Effects.Load load, List<LogEntry> entries, long now) {
    if (role instanceof Leader leader && term == load.term()) {
      leader.loaded(load, entries, now);
    } else {
      reached(Mark.LOAD_DISCARDED);
    }
    stepped(Probe.Step.LOADED);
  }

  /** Ends the turn: sends what followers have room for, and hands out everything to be done. */
  public Effects endTurn(long now) {
    if (role instanceof Leader leader) {
      leader.replicate(now);
    }
    boolean write = hardStateChanged || log.hasUnwritten();
    if (write) {
      writeSeq++;
    }
    if (write || effects.somethingWaits()) {
      HardState hardState = hardStateChanged ? new HardState(term, votedFor) : null;
      effects.persist(
          writeSeq, hardState, log.pendingStart(), log.pendingTruncation(), log.unwritten());
    }
    if (write) {
      fitness.writes().issued(writeSeq, now);
    }
    if (hardStateChanged) {
      applyGate.hardStateIssued(writeSeq);
    }
    effects.commit(applyGate.release(commitIndex));
    if (log.hasUnwritten()) {
      log.markWritten(writeSeq);
    }
    hardStateChanged = false;
    Effects turn = effects;
    effects = new Effects();
    settings.probe().turnEnded(this, turn);
    return turn;
  }

  // --- what the member knows ------------------------------------------------------------------

  /** When {@link #tick} is due. */
  public long deadline() {
    return role.deadline();
  }

  /** This member. */
  public String nodeId() {
    return settings.nodeId();
  }

  /** The member's term. */
  public long term() {
    return term;
  }

  /** Who got this member's vote in its term, or null. */
  public String votedFor() {
    return votedFor;
  }

  /** The member's role. */
  public RoleKind roleKind() {
    return role.kind();
  }

  /** Whether this member leads its term. */
  public boolean isLeader() {
    return role instanceof Leader;
  }

  /** Whether this member leads and has applied the first entry of its term. */
  public boolean isReady() {
    return role instanceof Leader leader && appliedIndex >= leader.firstOwnIndex();
  }

  /** Whether {@link #isReady()} has become true since the last call that said so, in this term. */
  public boolean becameReady() {
    boolean news = !readyAnnounced && isReady();
    readyAnnounced |= news;
    return news;
  }

  /** The leader of the term, this member included, or null if not known. */
  public String leaderId() {
    return role.leaderId();
  }

  /** Nanoseconds since a follower heard its leader, or -1 if it knows none or is not a follower. */
  public long leaderContactAge(long now) {
    return role instanceof Follower follower && follower.leaderId() != null
        ? now - follower.lastLeaderContact()
        : -1;
  }

  /** Index of the last entry known to be committed. */
  public long commitIndex() {
    return commitIndex;
  }

  /** Index of the last entry applied. */
  public long appliedIndex() {
    return appliedIndex;
  }

  /** The log. */
  public LogView log() {
    return log;
  }

  /** The configuration in force. */
  public Configuration configuration() {
    return configuration;
  }

  /** On a leader, what it knows of the others, by id; empty otherwise. */
  public Collection<Progress> followers() {
    return role instanceof Leader leader ? leader.followers() : List.of();
  }

  /**
   * Whether everything has been applied that was committed when a leader of this life first told
   * . Stays true.
   */
  public boolean isRecovered() {
    return recovered;
  }

  /** What is asked of a leader: reads, lease, handing over. */
  public Leadership leadership() {
    return leadership;
  }

  /** What a snapshot does to the log, and what the others learn of it. */
  public Snapshots snapshots() {
    return snapshots;
  }

  /** What speaks for and against this member as voter and leader. */
  public Fitness fitness() {
    return fitness;
  }

  /** Elections started; pre-votes do not count. */
  public long electionsStarted() {
    return electionsStarted;
  }

  // --- for the roles --------------------------------------------------------------------------

  void reached(Mark mark) {
    settings.probe().reached(mark);
  }

  boolean chooses(Choice choice) {
    return settings.probe().chooses(choice);
  }

  CoreSettings settings() {
    return settings;
  }

  Role role() {
    return role;
  }

  Effects effects() {
    return effects;
  }

  /** Sequence number that this turn's write will have. */
  long nextWriteSeq() {
    return writeSeq + 1;
  }

  /** Between one and one and a half election timeouts. */
  long randomElectionTimeout() {
    long timeout = settings.electionTimeoutNanos();
    if (chooses(Choice.SHORT_ELECTION_TIMEOUT)) {
      return timeout;
    }
    return timeout + random.next((timeout + 1) / 2);
  }

  /** Whether this member leads, or has lately heard who does. */
  boolean owesSilence(long now) {
    return isLeader() || fitness.hasPromisedSilence(now);
  }

  /** The leader counts this member as whole from {@code index} on, and it holds that much. */
  void healBy(long index, long heldIndex) {
    if (fitness.isDamaged() && term > fitness.damagedTerm() && heldIndex >= index) {
      reached(Mark.HEALED);
      fitness.heal();
      effects.notice(new Effects.Healed(index));
    }
  }

  private void noteRecovery() {
    recovered |= commitTold && appliedIndex >= commitIndex && log.termAt(commitIndex) == term;
  }

  /** Whether this member alone decides. */
  boolean isLoneVoter() {
    return !configuration.isJoint()
        && configuration.voters().size() == 1
        && configuration.voters().contains(settings.nodeId());
  }

  void forEachOtherVoter(Consumer<String> action) {
    for (String member : configuration.members()) {
      if (configuration.isVoter(member) && !member.equals(settings.nodeId())) {
        action.accept(member);
      }
    }
  }

  /** Whether a log that ends with the given entry is at least as up to date as ours (§5.4.1). */
  boolean isUpToDate(long lastLogTerm, long lastLogIndex) {
    return lastLogTerm > log.lastTerm()
        || (lastLogTerm == log.lastTerm() && lastLogIndex >= log.lastIndex());
  }

  void vote(String candidate) {
    if (!candidate.equals(votedFor)) {
      votedFor = candidate;
      hardStateChanged = true;
    }
  }

  void commitTo(long index) {
    if (index > commitIndex) {
      commitIndex = index;
    }
    if (index > 0 && index == commitIndex) {
      commitTold = true;
      noteRecovery();
    }
  }

  /** An event has been dealt with that is neither message nor time. */
  void stepped(Probe.Step step) {
    Invariants.check(this);
    settings.probe().stepped(step, null, null, this);
  }

  void requireInvariant(boolean holds, String rule, long value) {
    if (!holds) {
      Invariants.fail(this, rule, value);
    }
  }

  void becomeFollower(long newTerm, String leaderId, String cause, long now) {
    if (newTerm > term) {
      term = newTerm;
      votedFor = null;
      hardStateChanged = true;
    }
    changeRole(new Follower(this, leaderId, now), cause);
  }

  void becomePreCandidate(String cause, long now) {
    PreCandidate next = new PreCandidate(this, now);
    changeRole(next, cause);
    next.start(now);
  }

  /**
   * @param transfer whether the leader of the last term has asked for it
   */
  void becomeCandidate(boolean transfer, String cause, long now) {
    term++;
    votedFor = settings.nodeId();
    hardStateChanged = true;
    electionsStarted++;
    Candidate next = new Candidate(this, now);
    changeRole(next, cause);
    next.start(transfer);
  }

  void becomeLeader(long now) {
    readyAnnounced = false;
    if (isLoneVoter()) {
      reached(Mark.LONE_VOTER_ELECTED);
    }
    Leader next = new Leader(this, now);
    changeRole(next, "election won");
    next.start(now);
  }

  private void changeRole(Role next, String cause) {
    Role previous = role;
    role = next;
    if (previous instanceof Leader leader) {
      leader.authority().refuseReads();
      effects.notice(new Effects.LeadershipLost(announcedTerm, cause));
    }
    if (previous.kind() != next.kind() || announcedTerm != term) {
      announcedTerm = term;
      effects.notice(new Effects.RoleChanged(next.kind(), term, cause));
    }
    if (!Objects.equals(previous.leaderId(), next.leaderId())) {
      effects.notice(new Effects.LeaderChanged(next.leaderId(), term));
    }
  }
}
