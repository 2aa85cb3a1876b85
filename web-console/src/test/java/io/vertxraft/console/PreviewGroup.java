package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertxraft.FollowerStatus;
import io.vertxraft.LeaderLease;
import io.vertxraft.Member;
import io.vertxraft.NodeState;
import io.vertxraft.PeerContact;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A made-up group that moves, to look at its page in a browser. Scenarios are {@code healthy},
 * {@code degraded}, {@code noleader}, {@code oneway}, {@code failed}, {@code hostile}, {@code
 * conditions} and {@code snapshots}.
 */
public final class PreviewGroup {
  private static final long START = System.currentTimeMillis();

  /** Would change the page, were it not shown as text. */
  private static final String HOSTILE = "<img src=x onerror=document.title='hacked'>";

  private final String groupId;
  private final String scenario;
  private final List<Member> members = new ArrayList<>();
  private final Random random = new Random(1);
  private final ScriptedNode node = new ScriptedNode("n1");

  /** A group of so many members in a scenario. */
  public PreviewGroup(String scenario, int size) {
    this("orders", scenario, size);
  }

  /** A group with a name. */
  public PreviewGroup(String groupId, String scenario, int size) {
    this.groupId = groupId;
    this.scenario = scenario;
    for (int i = 1; i <= size; i++) {
      members.add(new Member("n" + i, "10.0.0." + i, 7000));
    }
    members.forEach(m -> script(m.getNodeId()));
    node.sink.greetWith(() -> events(node.sink));
  }

  /** Its member n1, whose view the page shows. */
  public RaftNode node() {
    return node;
  }

  private void script(String id) {
    boolean silent =
        (scenario.equals("degraded") && id.equals("n3"))
            || (scenario.equals("noleader") && !id.equals("n1"));
    if (silent) {
      node.answers(
          id,
          () ->
              elapsedMs() < 2_000
                  ? Future.succeededFuture(status(id))
                  : Future.failedFuture("no answer from 10.0.0.3:7000 within 1 s"));
    } else {
      node.answers(id, () -> Future.succeededFuture(status(id)));
    }
  }

  private static long elapsedMs() {
    return System.currentTimeMillis() - START;
  }

  private long last() {
    long ms = elapsedMs();
    return 184_000 + (long) (ms * 0.42 + 900 * Math.sin(ms / 4_000.0));
  }

  private RaftStatus status(String id) {
    long last = last();
    boolean leads = id.equals("n2") && !scenario.equals("noleader");
    RaftStatus status =
        new RaftStatus()
            .setClusterId("shop")
            .setGroupId(groupId)
            .setNodeId(id)
            .setState(NodeState.RUNNING)
            .setTerm(7)
            .setVotedFor("n2")
            .setLeaderId("n2")
            .setFirstIndex(120_001)
            .setLastIndex(last)
            .setDurableIndex(last - random.nextInt(12))
            .setCommitIndex(last - 14)
            .setAppliedIndex(last - 14 - random.nextInt(6))
            .setCommandsApplied(last - 120_020)
            .setRoleSinceMs(250_000 + elapsedMs())
            .setTimeMs(System.currentTimeMillis())
            .setRoleCause(leads ? "won the votes of n2 and n3" : "n2 leads term 7")
            .setElectionDueMs(leads ? -1 : 1_100 + random.nextInt(300))
            .setSilenceMs(leads ? 0 : 900 + random.nextInt(90))
            .setContacts(contacts(id))
            .setMembers(members);
    if (leads) {
      status
          .setRole(RaftRole.LEADER)
          .setLeaderReady(true)
          .setLeaderLease(
              new LeaderLease()
                  .setState(LeaderLease.State.VALID)
                  .setEpoch(7)
                  .setRemainingMicros(800_000 + random.nextInt(90_000)))
          .setProposalsInFlight(20)
          .setProposalBytesInFlight(20_000 + random.nextInt(9_000))
          .setFollowers(followers(last));
    } else {
      status.setLeaderContactAgeMs(20 + random.nextInt(80));
    }
    bend(status, id);
    return status;
  }

  /** Everybody talks to the leader and to n1, which asks for the reports. */
  private List<PeerContact> contacts(String id) {
    List<PeerContact> contacts = new ArrayList<>();
    for (Member member : members) {
      String other = member.getNodeId();
      if (other.equals(id)) {
        continue;
      }
      boolean talk = List.of(id, other).contains("n2") || List.of(id, other).contains("n1");
      boolean cut =
          (scenario.equals("oneway") && id.equals("n2") && other.equals("n3"))
              || (scenario.equals("degraded") && other.equals("n3"))
              || (scenario.equals("noleader") && !other.equals("n1"));
      long age = cut ? elapsedMs() + 9_000 : random.nextInt(90);
      contacts.add(new PeerContact().setNodeId(other).setHeardAgeMs(talk ? age : -1));
    }
    return contacts;
  }

  private void bend(RaftStatus status, String id) {
    if (scenario.equals("conditions")) {
      conditions(status, id);
    }
    if (scenario.equals("snapshots")) {
      snapshots(status, id);
    }
    if (scenario.equals("noleader") && elapsedMs() > 2_000) {
      status.setRole(RaftRole.PRE_CANDIDATE).setLeaderId(null).setRoleSinceMs(900);
      status.setLeaderContactAgeMs(elapsedMs());
    }
    if (scenario.equals("failed") && id.equals("n1")) {
      status.setState(NodeState.FAILED).setFailure("log sync failed: No space left on device");
    }
    if (scenario.equals("degraded") && id.equals("n1")) {
      status
          .setAppliedIndex(status.getCommitIndex() - 600)
          .setDurableIndex(status.getLastIndex() - 300);
    }
    if (scenario.equals("hostile")) {
      status.setRoleCause(HOSTILE).setVotedFor(HOSTILE).setTransferTarget(HOSTILE);
    }
    if (scenario.equals("hostile") && id.equals("n3")) {
      status
          .setState(NodeState.FAILED)
          .setFailure("<img src=x onerror=alert(1)> & \"quoted\" </script>");
    }
  }

  private static void conditions(RaftStatus status, String id) {
    switch (id) {
      case "n1" -> status.setRecovering(true).setAppliedIndex(status.getLastIndex() - 40_000);
      case "n2" -> {
        status.setTransferTarget("n1").getLeaderLease().setState(LeaderLease.State.DISABLED);
        status.getFollowers().get(1).setDamaged(true);
        status
            .getFollowers()
            .get(0)
            .setLastContactAgeMs(-1)
            .setMatchIndex(0)
            .setReplication("PROBE")
            .setClockSuspect(true);
      }
      default ->
          status
              .setDamage("entries 181,002 to 181,950 are not intact")
              .setStorageShortage("12 MiB left, 64 MiB are needed")
              .setOldestWriteAgeMs(2_400);
    }
  }

  /** n1 loads, n2 saves, n3 fetches, over and over again; n4 fails to. */
  private static void snapshots(RaftStatus status, String id) {
    long total = 1_200_000_000L;
    long done = Math.min(total, total / 20_000 * (elapsedMs() % 24_000));
    SnapshotStatus snapshots =
        new SnapshotStatus()
            .setLastIndex(120_500)
            .setBytes(total)
            .setSavedAtMs(START - 400_000)
            .setKept(List.of(120_500L, 120_000L))
            .setActivityAgeMs(elapsedMs() % 24_000)
            .setBytesDone(done)
            .setBytesTotal(total);
    switch (id) {
      case "n1" ->
          snapshots
              .setActivity(SnapshotActivity.LOADING)
              .setActivityIndex(120_500)
              .setLastFailure(
                  done > total / 2 ? "the link to n2 broke after 512 MiB, tried again" : null);
      case "n2" ->
          snapshots
              .setActivity(done < total / 2 ? SnapshotActivity.SAVING : SnapshotActivity.IDLE)
              .setActivityIndex(184_000)
              .setBytesTotal(0);
      default ->
          snapshots
              .setActivity(SnapshotActivity.DOWNLOADING)
              .setActivityIndex(120_500)
              .setSource("n2")
              .setLastIndex(0);
    }
    status.setSnapshots(snapshots).setRecovering(id.equals("n1"));
    status.getFollowers().stream()
        .filter(follower -> follower.getNodeId().equals("n3"))
        .forEach(
            follower ->
                follower
                    .setReplication("SNAPSHOT")
                    .setMatchIndex(100)
                    .setSnapshotIndex(120_500)
                    .setSnapshotBytesDone(done)
                    .setSnapshotBytesTotal(total));
  }

  private List<FollowerStatus> followers(long last) {
    List<FollowerStatus> followers = new ArrayList<>();
    for (Member member : members) {
      if (member.getNodeId().equals("n2")) {
        continue;
      }
      boolean cut =
          member.getNodeId().equals("n3")
              && (scenario.equals("degraded") || scenario.equals("oneway"));
      long match = cut ? 184_100 : last - random.nextInt(20);
      followers.add(
          new FollowerStatus()
              .setNodeId(member.getNodeId())
              .setReplication(cut ? "PROBE" : "REPLICATE")
              .setMatchIndex(match)
              .setNextIndex(cut ? match + 1 : last + 1)
              .setMessagesInFlight(cut ? 1 : random.nextInt(3))
              .setBytesInFlight(cut ? 4_096 : random.nextInt(20_000))
              .setLastContactAgeMs(cut ? elapsedMs() + 9_000 : 10 + random.nextInt(60))
              .setRoundTripMs(cut ? 3.2 : 0.8 + random.nextDouble() * 2));
    }
    return followers;
  }

  private void events(EventSink sink) {
    emit(sink, 252_000, RaftEventType.STARTED, RaftRole.FOLLOWER, 6, null, null);
    emit(
        sink,
        250_900,
        RaftEventType.ROLE_CHANGED,
        RaftRole.PRE_CANDIDATE,
        6,
        null,
        "heard no leader for 1,312 ms");
    emit(
        sink,
        250_200,
        RaftEventType.ROLE_CHANGED,
        RaftRole.FOLLOWER,
        7,
        null,
        "n2 asked for a vote in term 7");
    emit(
        sink,
        250_000,
        RaftEventType.LEADER_CHANGED,
        RaftRole.FOLLOWER,
        7,
        "n2",
        "n2 sent entries of term 7");
    if (scenario.equals("noleader")) {
      emit(
          sink,
          0,
          RaftEventType.LEADER_CHANGED,
          RaftRole.PRE_CANDIDATE,
          7,
          null,
          "heard no leader for 1,204 ms");
    }
    if (scenario.equals("failed")) {
      emit(
          sink,
          0,
          RaftEventType.FAULT,
          RaftRole.FOLLOWER,
          7,
          null,
          "log sync failed: No space left on device");
    }
    if (scenario.equals("snapshots")) {
      for (RaftEventType type :
          List.of(
              RaftEventType.SNAPSHOT_SAVED,
              RaftEventType.SNAPSHOT_FAILED,
              RaftEventType.SNAPSHOT_DOWNLOADING,
              RaftEventType.SNAPSHOT_INSTALLED,
              RaftEventType.LOG_COMPACTED)) {
        emit(sink, 0, type, RaftRole.FOLLOWER, 7, "n2", "index 120500, 1.1 GiB");
      }
    }
    if (scenario.equals("hostile")) {
      emit(
          sink,
          0,
          RaftEventType.FAULT,
          RaftRole.FOLLOWER,
          7,
          null,
          "<b onmouseover=alert(1)>cause</b> " + "long".repeat(80));
    }
  }

  private static void emit(
      EventSink sink,
      long agoMs,
      RaftEventType type,
      RaftRole role,
      long term,
      String leader,
      String cause) {
    sink.emit(
        new RaftEvent()
            .setType(type)
            .setGroupId("orders")
            .setNodeId("n1")
            .setTimeMs(START - agoMs)
            .setTerm(term)
            .setRole(role)
            .setLeaderId(leader)
            .setCause(cause));
  }
}
