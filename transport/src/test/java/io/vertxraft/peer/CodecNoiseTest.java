package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.SnapshotFile;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames that were well formed until something hit them: whatever comes out of them is a message
 * within its bounds or a counted drop, and nothing is thrown.
 */
public class CodecNoiseTest {
  private static final int FRAMES_PER_SEED = 400;

  static LongStream seeds() {
    long first = Long.getLong("noise.first", 1);
    return LongStream.range(first, first + Integer.getInteger("noise.seeds", 25));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedFramesAreMessagesOrDrops(long seed) {
    ReceivingGroup group = new ReceivingGroup("g");
    RandomMessages messages = new RandomMessages(seed, "g");
    Random random = new Random(seed);
    for (int i = 0; i < FRAMES_PER_SEED; i++) {
      Message message = messages.ofType(random.nextInt(RandomMessages.TYPES));
      Frame frame = Frame.newBuilder().addEnvelopes(MessageCodec.encode("g", message)).build();
      byte[] noise = messages.damage(frame.toByteArray());
      group.reader(message).readFrame(noise);
    }
    group.received.forEach(CodecNoiseTest::assertWithinBounds);
    TransportStats stats = group.stats();
    assertThat(stats.received()).as("some survive").isPositive().isEqualTo(group.received.size());
    assertThat(stats.droppedMalformed()).as("most do not").isPositive();
  }

  /** What a sender that keeps the rules may say. */
  public static void assertWithinBounds(Message message) {
    if (message instanceof SnapshotRequest request) {
      assertThat(request.bytesMax()).isBetween(1, CallCodec.PIECE_BYTES_MAX);
      assertThat(request.offset()).isNotNegative();
      assertThat(request.lastIndex()).isNotNegative();
      if (!request.file().isEmpty()) {
        SnapshotFile.requireName(request.file());
      }
    } else if (message instanceof SnapshotReply reply) {
      assertThat(reply.length()).isBetween(0, CallCodec.PIECE_BYTES_MAX);
      assertThat(reply.data().length).isLessThanOrEqualTo(CallCodec.PIECE_BYTES_MAX);
    }
  }
}
