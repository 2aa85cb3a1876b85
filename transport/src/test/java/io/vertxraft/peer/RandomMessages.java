package io.vertxraft.peer;

import io.vertx.core.buffer.Buffer;
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
import io.vertxraft.protocol.LogEntry;
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
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Well-formed messages of every type with random contents, small numbers and extreme ones. */
public final class RandomMessages {
  /** One above the largest argument of {@link #ofType}. */
  public static final int TYPES = 19;

  private final Random random;
  private final EntryCodec codec;

  public RandomMessages(long seed, String groupId) {
    random = new Random(seed);
    codec = new EntryCodec(groupId);
  }

  public Message ofType(int type) {
    return switch (type) {
      case 0 -> new PreVoteRequest(number(), number(), number());
      case 1 -> new PreVoteReply(number(), number(), random.nextBoolean());
      case 2 -> new VoteRequest(number(), number(), number(), random.nextBoolean());
      case 3 -> new VoteReply(number(), random.nextBoolean());
      case 4 -> append(random.nextInt(20), 200);
      case 5 ->
          new AppendEntriesReply(number(), random.nextBoolean(), number(), number(), number());
      case 6 -> new Heartbeat(number(), number(), number(), random.nextLong(), number());
      case 7 -> new HeartbeatReply(number(), random.nextLong(), random.nextLong(), number());
      case 8 -> new ForwardRequest(random.nextLong(), number(), bytes(300));
      case 9 -> forwardReply();
      case 10 -> new StatusRequest(random.nextLong());
      case 11 -> new StatusReply(random.nextLong(), bytes(300));
      case 12 -> new TimeoutNow(number());
      case 13 -> new ReadIndexRequest(random.nextLong(), random.nextBoolean());
      case 14 ->
          new ReadIndexReply(
              random.nextLong(),
              random.nextBoolean(),
              number(),
              random.nextBoolean() ? null : "n" + random.nextInt(9));
      case 15 -> new InstallSnapshot(number(), number(), number(), number());
      case 16 ->
          new InstallSnapshotReply(number(), random.nextBoolean(), number(), number(), number());
      case 17 -> snapshotRequest();
      case 18 -> snapshotReply();
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  /** Entries as a leader would send them: contiguous, terms that never decrease. */
  public AppendEntries append(int count, int payloadBytesMax) {
    long prevIndex = number() / 2;
    long prevTerm = number() / 4;
    long term = prevTerm;
    List<LogEntry> entries = new ArrayList<>();
    EntryType[] types = EntryType.values();
    for (int i = 1; i <= count; i++) {
      term += random.nextInt(3);
      entries.add(
          codec.encode(
              prevIndex + i, term, types[random.nextInt(types.length)], bytes(payloadBytesMax)));
    }
    return new AppendEntries(term + random.nextInt(3), prevIndex, prevTerm, number(), entries);
  }

  private ForwardReply forwardReply() {
    ForwardReply.Outcome[] outcomes = ForwardReply.Outcome.values();
    return new ForwardReply(
        random.nextLong(),
        outcomes[random.nextInt(outcomes.length)],
        random.nextBoolean() ? "" : "NOT_LEADER",
        random.nextBoolean() ? "" : "größer als erlaubt \u2264 4 MiB",
        random.nextBoolean() ? null : "n" + random.nextInt(9),
        bytes(300));
  }

  private SnapshotRequest snapshotRequest() {
    String longest = ("p".repeat(99) + "/").repeat(2) + "q".repeat(56);
    List<String> names = List.of("", "data", "shards/0/part-00001.sst", longest);
    return new SnapshotRequest(
        random.nextLong(),
        number(),
        names.get(random.nextInt(names.size())),
        number(),
        1 + random.nextInt(CallCodec.PIECE_BYTES_MAX),
        random.nextBoolean());
  }

  private SnapshotReply snapshotReply() {
    SnapshotReply.Outcome[] outcomes = SnapshotReply.Outcome.values();
    return new SnapshotReply(
        random.nextLong(),
        outcomes[random.nextInt(outcomes.length)],
        bytes(5_000),
        random.nextBoolean(),
        random.nextInt(CallCodec.PIECE_BYTES_MAX + 1));
  }

  public ClientRequest clientRequest() {
    ClientRequest.Kind[] kinds = ClientRequest.Kind.values();
    return new ClientRequest(
        kinds[random.nextInt(kinds.length)],
        number(),
        number(),
        number(),
        random.nextBoolean() ? "" : "bounded:" + random.nextInt(99),
        random.nextInt(86_400_001),
        Buffer.buffer(bytes(300)));
  }

  public ClientReply clientReply() {
    ClientReply.Outcome[] outcomes = ClientReply.Outcome.values();
    return new ClientReply(
        outcomes[random.nextInt(outcomes.length)],
        random.nextBoolean() ? "" : "NOT_LEADER",
        random.nextBoolean() ? "" : "größer als erlaubt \u2264 4 MiB",
        random.nextBoolean() ? null : "n" + random.nextInt(9),
        number(),
        number(),
        Buffer.buffer(bytes(300)));
  }

  /** Changes, cuts, removes or repeats a few bytes, mostly in front where the fields are. */
  public byte[] damage(byte[] bytes) {
    Buffer out = Buffer.buffer(bytes);
    int hits = 1 + random.nextInt(3);
    for (int i = 0; i < hits && out.length() > 0; i++) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(64, out.length()) : out.length());
      switch (random.nextInt(4)) {
        case 0 -> out.setByte(at, (byte) random.nextInt(256));
        case 1 -> out.setByte(at, (byte) (out.getByte(at) ^ (1 << random.nextInt(8))));
        case 2 -> out = out.getBuffer(0, at);
        default -> {
          int end = Math.min(out.length(), at + random.nextInt(12));
          out =
              Buffer.buffer()
                  .appendBuffer(out.getBuffer(0, random.nextBoolean() ? at : end))
                  .appendBuffer(out.getBuffer(end, out.length()));
        }
      }
    }
    return out.getBytes();
  }

  private long number() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> Long.MAX_VALUE;
      default -> random.nextLong() >>> (1 + random.nextInt(62));
    };
  }

  private byte[] bytes(int max) {
    byte[] bytes = new byte[random.nextInt(max + 1)];
    random.nextBytes(bytes);
    return bytes;
  }
}
