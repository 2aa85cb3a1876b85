package io.vertxraft.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.MultiMap;
import io.vertxraft.peer.CodecNoiseTest;
import io.vertxraft.peer.RandomMessages;
import io.vertxraft.peer.ReceivingGroup;
import io.vertxraft.protocol.Message;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames that were well formed until something hit them, cut into pieces as a network does:
 * whatever comes out of them is a message within its bounds, a counted drop or the end of the
 * connection, and nothing is thrown or kept.
 */
class SocketNoiseTest {
  private static final int FRAMES_PER_SEED = 400;
  private static final int FRAME_BYTES_MAX = 100_000;

  static LongStream seeds() {
    long first = Long.getLong("noise.first", 1);
    return LongStream.range(first, first + Integer.getInteger("noise.seeds", 25));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedFramesAreMessagesDropsOrTheEnd(long seed) {
    ReceivingGroup group = new ReceivingGroup("g");
    RandomMessages messages = new RandomMessages(seed, "g");
    Random random = new Random(seed);
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    int broken = 0;
    for (int i = 0; i < FRAMES_PER_SEED; i++) {
      Message message = messages.ofType(random.nextInt(RandomMessages.TYPES));
      Connection connection = new Connection(new FrameParser(group.reader(message)));
      Inflow inflow = new Inflow(allocator, FRAME_BYTES_MAX, connection);
      inflow.read(Greeting.encode(RawSocket.greeting("c", "n2", "n1")));
      ByteBuf noise = Unpooled.buffer();
      noise.writeBytes(RawSocket.frame("g", message));
      noise.writeBytes(messages.damage(RawSocket.frame("g", message)));
      noise.writeBytes(RawSocket.frame("g", message));
      while (noise.isReadable()) {
        inflow.read(noise.readRetainedSlice(1 + random.nextInt(noise.readableBytes())));
      }
      inflow.close();
      broken += connection.broken ? 1 : 0;
    }
    group.received.forEach(CodecNoiseTest::assertWithinBounds);
    assertThat(group.received).as("the undamaged").hasSizeGreaterThanOrEqualTo(FRAMES_PER_SEED);
    assertThat(group.stats().droppedMalformed()).as("most damaged ones").isPositive();
    assertThat(broken).as("lengths that cannot be").isPositive();
    assertThat(allocator.metric().usedDirectMemory()).as("kept").isZero();
  }

  private static final class Connection implements Inflow.Sink {
    private final FrameParser parser;
    private boolean broken;

    Connection(FrameParser parser) {
      this.parser = parser;
    }

    @Override
    public void greeted(MultiMap greeting) {}

    @Override
    public void frame(ByteBuf in, int length) {
      parser.read(in, length);
    }

    @Override
    public void tooLarge() {}

    @Override
    public void broken(String why) {
      broken = true;
    }
  }
}
