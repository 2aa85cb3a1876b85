package io.vertxraft.peer;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.ReadIndexReply;
import io.vertxraft.protocol.ReadIndexRequest;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Every message, and every variant of its form, for the golden files of all wire formats. */
public final class GoldenMessages {
  public static final String GROUP = "orders";

  private static final EntryCodec CODEC = new EntryCodec(GROUP);

  public static final List<Message> ALL =
      List.of(
          new PreVoteRequest(7, 300, 6),
          new PreVoteReply(6, 7, true),
          new VoteRequest(7, 300, 6, true),
          new VoteReply(7, true),
          new AppendEntries(
              7, 299, 6, 298, List.of(CODEC.encode(300, 7, EntryType.COMMAND, bytes("put")))),
          AppendEntriesReply.accepted(7, 300),
          new AppendEntriesReply(7, false, 299, 5, 250),
          new Heartbeat(7, 298, 6, -5, 300),
          new HeartbeatReply(7, -5, 99, 3),
          new TimeoutNow(7),
          new InstallSnapshot(7, 200, 5, 180),
          InstallSnapshotReply.installed(7, 200),
          InstallSnapshotReply.underWay(7, 200, 1_000_000, 5_000_000_000L),
          new ForwardRequest(11, 7, bytes("put")),
          new ForwardReply(11, ForwardReply.Outcome.APPLIED, "", "", null, bytes("done")),
          new ForwardReply(11, ForwardReply.Outcome.REJECTED, "NOT_LEADER", "no", "n3", bytes("")),
          new ForwardReply(11, ForwardReply.Outcome.UNKNOWN, "TIMEOUT", "late", null, bytes("")),
          new ForwardReply(11, ForwardReply.Outcome.FATAL, "FATAL", "broken", null, bytes("")),
          new ReadIndexRequest(12, true),
          new ReadIndexReply(12, true, 298, null),
          new ReadIndexReply(12, false, 0, "n3"),
          new StatusRequest(13),
          new StatusReply(13, bytes("{}")),
          new SnapshotRequest(14, 200, "", 0, 65_536, false),
          new SnapshotRequest(15, 200, "shards/0", 262_144, 262_144, true),
          new SnapshotReply(14, SnapshotReply.Outcome.OK, bytes("piece"), false, 5),
          new SnapshotReply(15, SnapshotReply.Outcome.OK, bytes("small"), true, 262_144),
          new SnapshotReply(15, SnapshotReply.Outcome.NOT_FOUND, bytes("gone"), false, 0),
          new SnapshotReply(15, SnapshotReply.Outcome.FAILED, bytes("disk"), false, 0));

  private GoldenMessages() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
