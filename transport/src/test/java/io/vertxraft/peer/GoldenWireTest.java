package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.grpc.proto.Envelope;
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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What earlier versions send stays readable, and what they read stays what is sent: one line of the
 * golden file per message. A line that changes is a change of the wire format, which members of
 * different versions would not survive; a new message gets a new line.
 */
class GoldenWireTest {
  private static final String GROUP = "orders";
  private static final EntryCodec CODEC = new EntryCodec(GROUP);

  private static final List<Message> SAMPLES =
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

  @Test
  void everyMessageIsSentAsItWasAlwaysSent() throws IOException {
    String lines =
        String.join("\n", SAMPLES.stream().map(GoldenWireTest::line).toList()).concat("\n");
    assertThat(lines).isEqualTo(golden());
  }

  @Test
  void whatWasAlwaysSentIsRead() throws IOException {
    List<String> lines = golden().lines().toList();
    assertThat(lines).hasSameSizeAs(SAMPLES);
    for (int i = 0; i < lines.size(); i++) {
      byte[] bytes = HexFormat.of().parseHex(lines.get(i).split(" ", -1)[1]);
      assertThat(MessageCodec.decode(Envelope.parseFrom(bytes), CODEC))
          .as(lines.get(i))
          .usingRecursiveComparison()
          .withStrictTypeChecking()
          .isEqualTo(SAMPLES.get(i));
    }
  }

  @Test
  void everyMessageHasALine() {
    Map<Class<?>, Integer> lines = new HashMap<>();
    SAMPLES.forEach(sample -> lines.merge(sample.getClass(), 1, Integer::sum));
    assertThat(lines.keySet())
        .containsExactlyInAnyOrderElementsOf(MessageCodecTest.records(Message.class));
    assertThat(lines.get(ForwardReply.class)).isEqualTo(ForwardReply.Outcome.values().length);
    assertThat(lines.get(SnapshotReply.class)).isGreaterThan(SnapshotReply.Outcome.values().length);
  }

  private static String line(Message message) {
    byte[] bytes = MessageCodec.encode(GROUP, message).toByteArray();
    return message.getClass().getSimpleName() + " " + HexFormat.of().formatHex(bytes);
  }

  private static String golden() throws IOException {
    try (InputStream in = GoldenWireTest.class.getResourceAsStream("/golden/messages-1.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
