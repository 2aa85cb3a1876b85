package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The wire form of the messages, and what is not accepted as one. */
class MessageCodecTest {
  private static final String GROUP = "orders";
  private final EntryCodec codec = new EntryCodec(GROUP);

  @Test
  void everyMessageArrivesAsItWasSent() {
    for (long seed = 0; seed < 40; seed++) {
      RandomMessages messages = new RandomMessages(seed, GROUP);
      for (int type = 0; type < RandomMessages.TYPES; type++) {
        Message sent = messages.ofType(type);
        Frame frame = Frame.newBuilder().addEnvelopes(MessageCodec.encode(GROUP, sent)).build();

        Frame parsed = MessageCodec.parseFrame(frame.toByteArray());
        assertThat(parsed.getEnvelopes(0).getGroupId()).isEqualTo(GROUP);
        Message received = MessageCodec.decode(parsed.getEnvelopes(0), codec);

        assertThat(received)
            .as("seed %d type %d", seed, type)
            .usingRecursiveComparison()
            .withStrictTypeChecking()
            .isEqualTo(sent);
      }
    }
  }

  @Test
  void noMessageTypeIsLeftOut() {
    RandomMessages messages = new RandomMessages(1, GROUP);
    Set<Class<?>> tested = new HashSet<>();
    for (int type = 0; type < RandomMessages.TYPES; type++) {
      tested.add(messages.ofType(type).getClass());
    }
    assertThat(tested).containsExactlyInAnyOrderElementsOf(records(Message.class));
  }

  static Set<Class<?>> records(Class<?> type) {
    if (!type.isSealed()) {
      return Set.of(type);
    }
    Set<Class<?>> all = new HashSet<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      all.addAll(records(permitted));
    }
    return all;
  }

  @Test
  void theEstimatedSizeIsNeverBelowTheRealOne() {
    String longestGroup = "g".repeat(64);
    for (long seed = 0; seed < 300; seed++) {
      RandomMessages messages = new RandomMessages(seed, longestGroup);
      for (int type = 0; type < RandomMessages.TYPES; type++) {
        Message message = messages.ofType(type);
        Frame frame =
            Frame.newBuilder().addEnvelopes(MessageCodec.encode(longestGroup, message)).build();
        assertThat(MessageCodec.bytesMax(message))
            .as("%s", message)
            .isGreaterThanOrEqualTo(frame.getSerializedSize());
      }
    }
  }

  @Test
  void piecesOfSnapshotsAreNotCopiedForSending() {
    byte[] piece = new byte[100];
    Envelope envelope =
        MessageCodec.encode(
            GROUP, new SnapshotReply(1, SnapshotReply.Outcome.OK, piece, false, 100));
    piece[30] = 7;
    assertThat(envelope.getSnapshotReply().getData().byteAt(30)).isEqualTo((byte) 7);
  }

  @Test
  void entriesAreNotCopiedForSending() {
    LogEntry entry = entry(8, 3);
    Envelope envelope = MessageCodec.encode(GROUP, new AppendEntries(3, 7, 3, 7, List.of(entry)));
    ByteString bytes = envelope.getAppendEntries().getEntries(0);
    entry.encoded()[30] ^= 1;
    assertThat(bytes.byteAt(30)).isEqualTo(entry.encoded()[30]);
  }

  @Test
  void aDamagedEntryIsRefused() {
    LogEntry entry = entry(8, 3);
    Envelope envelope = MessageCodec.encode(GROUP, new AppendEntries(3, 7, 3, 7, List.of(entry)));
    entry.encoded()[EntryCodec.HEADER_BYTES] ^= 1;
    refused(envelope, "checksum");
  }

  @Test
  void anEntryOfAnotherGroupIsRefused() {
    LogEntry stray = new EntryCodec("billing").encode(8, 3, EntryType.COMMAND, new byte[10]);
    refused(MessageCodec.encode(GROUP, new AppendEntries(3, 7, 3, 7, List.of(stray))), "checksum");
  }

  @Test
  void entriesOutOfPlaceAreRefused() {
    refused(append(3, 7, 3, entry(9, 3)), "index 9 where 8 belongs");
    refused(append(3, 7, 3, entry(8, 3), entry(8, 3)), "index 8 where 9 belongs");
    refused(append(3, 7, 3, entry(8, 3), entry(10, 3)), "index 10 where 9 belongs");
  }

  @Test
  void termsThatNoLeaderCouldHaveAreRefused() {
    refused(append(3, 7, 2, entry(8, 4)), "term 4, outside 2..3");
    refused(append(3, 7, 2, entry(8, 1)), "term 1, outside 2..3");
    refused(append(3, 7, 1, entry(8, 3), entry(9, 2)), "term 2, outside 3..3");
  }

  @Test
  void numbersOutOfRangeAreRefusedByName() {
    refused(MessageCodec.encode(GROUP, new Heartbeat(-1, 0, 1, 0, 0)), "term 18446744073709551615");
    refused(MessageCodec.encode(GROUP, new Heartbeat(1, -1, 1, 0, 0)), "commit_index");
    refused(append(3, -7, 1), "prev_log_index");
    refused(append(Long.MAX_VALUE, Long.MAX_VALUE, 1, entry(1, 1)), "leaves no room");
  }

  @Test
  void offersOfSnapshotsWithNumbersOutOfRangeAreRefused() {
    refused(new InstallSnapshot(-1, 1, 1, 1), "term 18446744073709551615");
    refused(new InstallSnapshot(1, -1, 1, 1), "last_index");
    refused(new InstallSnapshot(1, 1, -1, 1), "last_term");
    refused(new InstallSnapshot(1, 1, 1, -1), "min_index");
    refused(new InstallSnapshotReply(-1, true, 1, 1, 1), "term");
    refused(new InstallSnapshotReply(1, true, -1, 1, 1), "last_index");
    refused(new InstallSnapshotReply(1, true, 1, -1, 1), "bytes_done");
    refused(new InstallSnapshotReply(1, true, 1, 1, -1), "bytes_total");
  }

  @Test
  void requestsForWhatNoSnapshotHasAreRefused() {
    int most = CallCodec.PIECE_BYTES_MAX;
    refused(new SnapshotRequest(1, -1, "f", 0, 1, false), "last_index");
    refused(new SnapshotRequest(1, 1, "f", -1, 1, false), "offset 18446744073709551615");
    refused(new SnapshotRequest(1, 1, "f", 0, 0, false), "bytes_max 0 is not within 1..4194304");
    refused(new SnapshotRequest(1, 1, "f", 0, -1, false), "bytes_max 4294967295");
    refused(new SnapshotRequest(1, 1, "f", 0, most + 1, false), "bytes_max 4194305");
    for (String name :
        List.of("../f", "/etc/passwd", "a//b", ".hidden", "a\\b", "x".repeat(101), "x\n", " ")) {
      refused(new SnapshotRequest(1, 1, name, 0, 1, false), "file is no name");
    }
    refused(new SnapshotRequest(1, 1, "x".repeat(1_000_000), 0, 1, false), "file is no name");
  }

  @Test
  void piecesLargerThanAnybodyAsksForAreRefused() {
    byte[] little = new byte[10];
    byte[] much = new byte[CallCodec.PIECE_BYTES_MAX + 1];
    refused(new SnapshotReply(1, SnapshotReply.Outcome.OK, little, true, -1), "length 4294967295");
    refused(
        new SnapshotReply(1, SnapshotReply.Outcome.OK, little, true, much.length),
        "length 4194305 is not within 0..4194304");
    refused(new SnapshotReply(1, SnapshotReply.Outcome.OK, much, false, 10), "data 4194305");
  }

  @Test
  void anOutcomeThatThisVersionDoesNotKnowIsRefused() {
    for (int unknown : new int[] {0, 4, -1}) {
      Envelope.Builder snapshot = Envelope.newBuilder().setGroupId(GROUP);
      snapshot.getSnapshotReplyBuilder().setOutcomeValue(unknown);
      refused(snapshot.build(), "snapshot reply outcome " + unknown);
      Envelope.Builder forward = Envelope.newBuilder().setGroupId(GROUP);
      forward.getForwardReplyBuilder().setOutcomeValue(unknown == 4 ? 5 : unknown);
      refused(forward.build(), "forward reply outcome");
    }
  }

  @Test
  void anUnknownMessageIsRefused() {
    refused(Envelope.newBuilder().setGroupId(GROUP).build(), "without a known message");
  }

  @Test
  void bytesThatAreNoFrameAreRefused() {
    byte[] truncated =
        Frame.newBuilder()
            .addEnvelopes(MessageCodec.encode(GROUP, append(10)))
            .build()
            .toByteString()
            .substring(0, 40)
            .toByteArray();
    assertThatThrownBy(() -> MessageCodec.parseFrame(truncated))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> MessageCodec.parseFrame(new byte[] {10, 127, 1, 2, 3}))
        .isInstanceOf(ProtocolException.class);
  }

  private AppendEntries append(int entries) {
    return new RandomMessages(1, GROUP).append(entries, 100);
  }

  private Envelope append(long term, long prevIndex, long prevTerm, LogEntry... entries) {
    return MessageCodec.encode(
        GROUP, new AppendEntries(term, prevIndex, prevTerm, 0, List.of(entries)));
  }

  private LogEntry entry(long index, long term) {
    return codec.encode(index, term, EntryType.COMMAND, new byte[40]);
  }

  private void refused(Message message, String reason) {
    refused(MessageCodec.encode(GROUP, message), reason);
  }

  private void refused(Envelope envelope, String reason) {
    assertThatThrownBy(() -> MessageCodec.decode(envelope, codec))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(reason);
  }
}
