package io.vertxraft.testkit.explore;

import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.Recovery;
import io.vertxraft.consensus.RoleKind;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.RaftMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One member: the real {@link RaftCore}, its disk, and what it has asked for and not got yet. It
 * does nothing by itself; {@link #take} takes one {@link Event} through one turn.
 *
 * <p><b>Time.</b> Real time would make every state new. Here the member's clock stands still, and
 * jumps only in the events that tell of time:
 *
 * <ul>
 *   <li>{@link Event#TIME_OUT}: to the election deadline. Any member that does not lead may time
 *       out in any state, so every order of timeouts is covered, whatever the random part.
 *   <li>{@link Event#AGE}: by the shortest election timeout, while the deadline, which has the
 *       longest random part, is still ahead. So a follower that heard its leader is met with a
 *       fresh and with an old contact.
 *   <li>{@link Event#HEARTBEAT}: the interval is nothing, so heartbeats are due whenever the
 *       explorer says so, and all of one leader are sent at the same instant. The send time that
 *       heartbeats and their replies carry therefore tells nothing: it is left out in flight, and
 *       set to the present when a reply arrives. A leader takes replies of its own term only, and
 *       never leads a term twice, so this is the time the heartbeat was really sent at.
 *   <li>{@link Event#SILENCE}: by an election timeout, so that no answer is recent and the quorum
 *       check fails. A leader may meet this in any state: whether answers came or not, a real one
 *       may miss those that come next.
 *   <li>{@link Event#REPROBE}: stands for a follower that answers heartbeats but acknowledges no
 *       entries for an election timeout. It is asked for by {@link Choice#PROBE_ANEW}, which does
 *       what the timer does, and only where the timer could.
 * </ul>
 *
 * <p>All this allows more than any real run of clocks, never less.
 */
final class LocalMachine {
  private static final String GROUP = "explored";
  private static final long START = Fingerprint.INSTANTS << 8;
  private static final long ELECTION_TIMEOUT = 1_000_000;

  /** Longer than any exploration: a disk here is slow without ever being given up. */
  private static final long STORAGE_STALL = 1L << 62;

  private static final int BYTES_MAX = 1 << 20;
  private static final int WINDOW = 4;

  /**
   * A write that is not durable yet, and the messages that wait for it, each with how often: their
   * order tells nothing.
   */
  private record Write(
      long seq,
      HardState hardState,
      long truncateFrom,
      List<LogEntry> entries,
      Map<Packet, Integer> messages) {
    void add(List<Packet> packets) {
      packets.forEach(packet -> messages.merge(packet, 1, Integer::sum));
    }
  }

  private final String id;
  private final CoreSettings settings;
  private final List<LogEntry> disk;
  private final Deque<Write> writes = new ArrayDeque<>();
  private final Deque<Effects.Load> loads = new ArrayDeque<>();
  private final List<Packet> sent = new ArrayList<>();
  private final Window window;
  private HardState hardState;
  private RaftCore core;
  private long now = START;
  private long newestSeq;
  private boolean issuedWrite;

  /** A member that comes up with the given disk, and adds the marks it gets to. */
  LocalMachine(
      String id, List<String> nodes, int entriesMax, LocalState.Disk disk, Set<Mark> marks) {
    this.id = id;
    this.window = new Window(marks);
    this.settings =
        new CoreSettings(
            GROUP,
            id,
            Configuration.of(new TreeSet<>(nodes)),
            Map.of(),
            ELECTION_TIMEOUT,
            0,
            0,
            ELECTION_TIMEOUT,
            STORAGE_STALL,
            entriesMax,
            BYTES_MAX,
            WINDOW,
            BYTES_MAX,
            window);
    this.hardState = disk.hardState();
    this.disk = new ArrayList<>(disk.entries());
    boot();
  }

  /** Notes the marks, and has the core probe one follower anew in one turn. */
  private static final class Window implements Probe {
    private final Set<Mark> marks;
    private int position = -1;
    private int asked;

    Window(Set<Mark> marks) {
      this.marks = marks;
    }

    @Override
    public void reached(Mark mark) {
      marks.add(mark);
    }

    @Override
    public boolean chooses(Choice choice) {
      return choice == Choice.PROBE_ANEW && position >= 0 && asked++ == position;
    }

    void probeAnew(int at) {
      position = at;
      asked = 0;
    }
  }

  /**
   * Takes one event through one turn.
   *
   * @param event the event
   * @param message the message if the event is the arrival of one
   * @return whether the event is possible in this state; if not, nothing has happened
   */
  boolean take(int event, Packet message) {
    sent.clear();
    issuedWrite = false;
    if (Event.isMessage(event)) {
      core.receive(message.from(), withTime(message.message()), now);
    } else if (Event.isCrash(event)) {
      return crash(event - Event.CRASH);
    } else if (event >= Event.PROPOSE) {
      return propose(event - Event.PROPOSE);
    } else if (event >= Event.REPROBE) {
      return reprobe(event - Event.REPROBE);
    } else if (!takePlain(event)) {
      return false;
    }
    endTurn();
    return true;
  }

  private boolean takePlain(int event) {
    return switch (event) {
      case Event.TIME_OUT -> !core.isLeader() && tickAt(core.deadline());
      case Event.AGE -> age();
      case Event.HEARTBEAT -> core.isLeader() && tickAt(now);
      case Event.SILENCE -> core.isLeader() && tickAt(now + ELECTION_TIMEOUT);
      case Event.PERSIST -> completeWrite();
      case Event.LOAD -> completeLoad();
      default -> throw new IllegalArgumentException("no such event: " + event);
    };
  }

  private boolean tickAt(long instant) {
    now = instant;
    core.tick(now);
    return true;
  }

  private boolean age() {
    if (!contactIsFresh()) {
      return false;
    }
    now += ELECTION_TIMEOUT;
    return true;
  }

  /** Whether the member refuses votes because it may have heard a leader lately. */
  boolean contactIsFresh() {
    return !core.isLeader() && core.fitness().silenceRemaining(now) > 0;
  }

  private boolean completeWrite() {
    Write write = writes.poll();
    if (write == null) {
      return false;
    }
    store(write);
    write.messages().forEach((packet, times) -> sent.addAll(Collections.nCopies(times, packet)));
    core.persisted(write.seq(), now);
    return true;
  }

  private void store(Write write) {
    if (write.hardState() != null) {
      hardState = write.hardState();
    }
    if (write.truncateFrom() > 0) {
      disk.subList((int) write.truncateFrom() - 1, disk.size()).clear();
    }
    disk.addAll(write.entries());
  }

  private boolean completeLoad() {
    Effects.Load load = loads.poll();
    if (load == null) {
      return false;
    }
    int from = (int) Math.min(load.fromIndex() - 1, disk.size());
    int to = (int) Math.min(load.toIndex(), disk.size());
    core.loaded(load, List.copyOf(disk.subList(from, Math.max(from, to))), now);
    return true;
  }

  private boolean crash(int completed) {
    if (completed > writes.size()) {
      return false;
    }
    for (int i = 0; i < completed; i++) {
      store(writes.remove());
    }
    boot();
    return true;
  }

  /** Starts from the disk; the clock of the new process has nothing to do with the old one's. */
  private void boot() {
    writes.clear();
    loads.clear();
    now = START;
    newestSeq = 0;
    long[] starts = new long[disk.size()];
    long[] terms = new long[disk.size()];
    int runs = 0;
    for (LogEntry entry : disk) {
      if (runs == 0 || terms[runs - 1] != entry.term()) {
        starts[runs] = entry.index();
        terms[runs++] = entry.term();
      }
    }
    LogView log =
        new LogView(
            1, disk.size(), 0, Arrays.copyOf(starts, runs), Arrays.copyOf(terms, runs), BYTES_MAX);
    core = new RaftCore(settings, Recovery.of(hardState, log), bound -> bound - 1, now);
  }

  private boolean propose(int value) {
    if (!core.isLeader()) {
      return false;
    }
    byte[] command = EntryCodec.allocate(1);
    command[EntryCodec.HEADER_BYTES] = (byte) (value + 1);
    core.propose(List.of(command));
    endTurn();
    return true;
  }

  private boolean reprobe(int position) {
    boolean isStuck =
        core.isLeader()
            && position < core.followers().size()
            && List.copyOf(core.followers()).get(position).bytesInFlight() > 0;
    if (isStuck) {
      window.probeAnew(position);
      endTurn();
      window.probeAnew(-1);
    }
    return isStuck;
  }

  private void endTurn() {
    Effects effects = core.endTurn(now);
    effects.sends().forEach(out -> sent.add(packet(out)));
    if (effects.persist() != null) {
      issue(effects.persist());
    }
    loads.addAll(effects.loads());
    if (effects.commitIndex() > 0) {
      core.applied(effects.commitIndex());
    }
  }

  private void issue(Effects.Persist persist) {
    List<Packet> messages = new ArrayList<>();
    persist.messages().forEach(out -> messages.add(packet(out)));
    newestSeq = persist.seq();
    if (!persist.nothingToWrite()) {
      issuedWrite = true;
      writes.add(
          new Write(
              persist.seq(),
              persist.hardState(),
              persist.truncateFrom(),
              persist.entries(),
              new LinkedHashMap<>()));
      writes.getLast().add(messages);
    } else if (writes.isEmpty()) {
      sent.addAll(messages);
    } else {
      // They promise what earlier writes hold, and must not overtake them.
      writes.getLast().add(messages);
    }
  }

  private Packet packet(Effects.Outbound out) {
    return Packet.of(id, out.to(), (RaftMessage) out.message());
  }

  private RaftMessage withTime(RaftMessage message) {
    return message instanceof HeartbeatReply reply
        ? new HeartbeatReply(reply.term(), now, 0, 0)
        : message;
  }

  // --- what is to be seen from outside ----------------------------------------------------------

  /** Fingerprint of everything the member's future depends on. */
  Digest fingerprint(Fingerprint fingerprint, int[] renaming) {
    List<Object> everything = List.of(id, core, hardState, disk, writes, loads);
    return fingerprint.of(everything, renaming, now, newestSeq);
  }

  RaftCore core() {
    return core;
  }

  HardState durableState() {
    return hardState;
  }

  List<LogEntry> durableLog() {
    return disk;
  }

  /** The log as the member sees it. */
  List<LogEntry> log() {
    LogView view = core.log();
    List<LogEntry> entries = new ArrayList<>();
    for (long index = 1; index <= view.lastIndex(); index++) {
      LogEntry cached = view.entryIfCached(index);
      // What has left memory, or was never read into it, is on disk.
      entries.add(cached != null ? cached : disk.get((int) index - 1));
    }
    return entries;
  }

  boolean isCandidate() {
    return core.roleKind() == RoleKind.CANDIDATE;
  }

  int pendingWrites() {
    return writes.size();
  }

  int pendingLoads() {
    return loads.size();
  }

  /** Whether the last event issued a write. */
  boolean issuedWrite() {
    return issuedWrite;
  }

  /** What the last event sent. */
  List<Packet> sent() {
    return sent;
  }
}
