package io.vertxraft.testkit.bugs;

import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.testkit.oracle.OracleSuite;
import io.vertxraft.testkit.oracle.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A few cores, their disks and a network, under all oracles. Nothing moves unless the story says
 * so: messages and writes wait until they are let through.
 */
final class HandMovedGroup {
  static final long ELECTION_TIMEOUT = 1_000;
  static final long HEARTBEAT = 100;
  static final int CLOCK_DRIFT_PERCENT = 10;
  static final long STORAGE_STALL = 1_000_000;

  private static final int TRIES = 3;
  private static final int DELIVERIES_MAX = 10_000;

  private record Packet(String from, String to, RaftMessage message) {}

  private final Map<String, HandMovedMember> members = new TreeMap<>();
  private final Configuration configuration;
  private final OracleSuite oracles;
  private final int appendEntriesMax;
  private List<Packet> network = new ArrayList<>();
  private long now = 1;

  /** A group of members n1, n2, ... that are up and know nothing. */
  HandMovedGroup(int size) {
    this(size, 16);
  }

  /**
   * As above.
   *
   * @param appendEntriesMax entries per AppendEntries
   */
  HandMovedGroup(int size, int appendEntriesMax) {
    this.appendEntriesMax = appendEntriesMax;
    for (int i = 1; i <= size; i++) {
      members.put("n" + i, new HandMovedMember(this, "n" + i));
    }
    configuration = Configuration.of(new TreeSet<>(members.keySet()));
    oracles =
        new OracleSuite(0, () -> now, new ArrayList<>(members.values()), configuration).addAll();
    members.values().forEach(HandMovedMember::boot);
  }

  OracleSuite oracles() {
    return oracles;
  }

  Configuration configuration() {
    return configuration;
  }

  int appendEntriesMax() {
    return appendEntriesMax;
  }

  long now() {
    return now;
  }

  HandMovedMember member(String nodeId) {
    return members.get(nodeId);
  }

  /** Lets time pass; nobody looks at the clock meanwhile. */
  void pass(long duration) {
    now += Math.max(0, duration);
  }

  void send(String from, String to, RaftMessage message) {
    network.add(new Packet(from, to, message));
  }

  /** Delivers the messages of a type that wait between two members. */
  void bring(String from, String to, Class<? extends RaftMessage> type) {
    for (Packet packet : take(is(from, to, type))) {
      member(to).receive(from, packet.message());
    }
  }

  /** Loses the messages of a type that wait between two members. */
  void lose(String from, String to, Class<? extends RaftMessage> type) {
    take(is(from, to, type));
  }

  /** Loses all messages that wait. */
  void loseAll() {
    network.clear();
  }

  /** Repeats the messages of a type that wait between two members: the copies wait, too. */
  void repeat(String from, String to, Class<? extends RaftMessage> type) {
    network.addAll(network.stream().filter(is(from, to, type)).toList());
  }

  /** Takes the messages of a type between two members aside; {@link #putBack} ends that. */
  List<RaftMessage> setAside(String from, String to, Class<? extends RaftMessage> type) {
    return take(is(from, to, type)).stream().map(Packet::message).toList();
  }

  /** Sends messages that were taken aside on their way again. */
  void putBack(String from, String to, List<RaftMessage> messages) {
    messages.forEach(message -> send(from, to, message));
  }

  private static Predicate<Packet> is(String from, String to, Class<? extends RaftMessage> type) {
    return packet ->
        packet.from().equals(from) && packet.to().equals(to) && type.isInstance(packet.message());
  }

  private List<Packet> take(Predicate<Packet> rule) {
    List<Packet> taken = new ArrayList<>();
    List<Packet> left = new ArrayList<>();
    network.forEach(packet -> (rule.test(packet) ? taken : left).add(packet));
    network = left;
    return taken;
  }

  /** Power cut: what is not on disk is lost, and so is every message from or to the member. */
  void crash(String nodeId) {
    member(nodeId).crash();
    take(packet -> packet.from().equals(nodeId) || packet.to().equals(nodeId));
  }

  /** The member comes up again with what is on its disk; what was sent to it meanwhile is lost. */
  void restart(String nodeId) {
    take(packet -> packet.to().equals(nodeId));
    member(nodeId).boot();
  }

  /** Messages and writes of all members go through until nothing moves. */
  void settle() {
    settleAmong(members.keySet().toArray(String[]::new));
  }

  /** Messages and writes among these members go through until nothing moves; others wait. */
  void settleAmong(String... nodeIds) {
    settle(Set.of(nodeIds), packet -> true);
  }

  private void settle(Set<String> side, Predicate<Packet> rule) {
    int deliveries = 0;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Packet packet :
          take(p -> side.contains(p.from()) && side.contains(p.to()) && rule.test(p))) {
        member(packet.to()).receive(packet.from(), packet.message());
        moved = true;
        deliveries++;
      }
      if (deliveries > DELIVERIES_MAX) {
        throw new Violation(Stories.LIVENESS, "the group never comes to rest", 0, now, null);
      }
      for (HandMovedMember member : members.values()) {
        moved |= side.contains(member.nodeId()) && member.sync();
      }
    }
  }

  /** The member campaigns before these voters; only election messages go through. */
  void campaign(String nodeId, String... voters) {
    Set<String> side = new TreeSet<>(List.of(voters));
    side.add(nodeId);
    // Nobody has heard from a leader lately.
    pass(2 * ELECTION_TIMEOUT);
    for (int i = 0; i < TRIES && !member(nodeId).isLeader(); i++) {
      member(nodeId).timeOut();
      settle(side, packet -> isOfElections(packet.message()));
    }
  }

  private static boolean isOfElections(RaftMessage message) {
    return message instanceof PreVoteRequest
        || message instanceof PreVoteReply
        || message instanceof VoteRequest
        || message instanceof VoteReply;
  }

  /** The member becomes a candidate by the pre-vote of {@code helper}; its requests wait. */
  void becomeCandidate(String nodeId, String helper) {
    member(nodeId).timeOut();
    bring(nodeId, helper, PreVoteRequest.class);
    bring(helper, nodeId, PreVoteReply.class);
    member(nodeId).sync();
  }

  /** The member is elected by all, and its first entry is everywhere. */
  void elect(String nodeId) {
    campaign(nodeId, members.keySet().toArray(String[]::new));
    settle();
  }
}
