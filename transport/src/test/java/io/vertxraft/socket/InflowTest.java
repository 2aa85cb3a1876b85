package io.vertxraft.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The network cuts what is sent where it likes. */
class InflowTest {
  private static final int FRAME_BYTES_MAX = 10;

  private final List<String> seen = new ArrayList<>();
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private Inflow inflow = open();

  @Test
  void framesAreTheSameWhereverTheyAreCut() {
    byte[] all = all();
    for (int first = 0; first < all.length; first++) {
      for (int second = first; second < all.length; second += 7) {
        arrive(all, 0, first);
        arrive(all, first, second);
        arrive(all, second, all.length);
        assertThat(seen)
            .as("cut at %d and %d", first, second)
            .containsExactly("greeted n2", "1", "too large", "1234567890", "too large", "99");
        seen.clear();
        inflow.close();
        inflow = open();
      }
    }
    assertThat(allocator.metric().usedDirectMemory()).as("kept").isZero();
  }

  @Test
  void framesAreTheSameByteByByte() {
    byte[] all = all();
    for (int i = 0; i < all.length; i++) {
      arrive(all, i, i + 1);
    }
    assertThat(seen)
        .containsExactly("greeted n2", "1", "too large", "1234567890", "too large", "99");
  }

  @Test
  void nothingIsReadAfterALengthThatCannotBe() {
    ByteBuf bad = Unpooled.buffer().writeBytes(all());
    bad.writeInt(-1).writeByte(1).writeInt(1).writeByte(1);
    inflow.read(bad);
    assertThat(seen).last().asString().isEqualTo("it sent a frame of 4294967295 bytes");
    int before = seen.size();
    inflow.read(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 1, '7'}));
    assertThat(seen).hasSize(before);
  }

  private static byte[] all() {
    ByteBuf all = Unpooled.buffer();
    all.writeBytes(Greeting.encode(RawSocket.greeting("c", "n2", "n1")));
    all.writeInt(1).writeBytes("1".getBytes(StandardCharsets.US_ASCII));
    all.writeInt(11).writeBytes("12345678901".getBytes(StandardCharsets.US_ASCII));
    all.writeInt(10).writeBytes("1234567890".getBytes(StandardCharsets.US_ASCII));
    all.writeInt(300).writeZero(300);
    all.writeInt(2).writeBytes("99".getBytes(StandardCharsets.US_ASCII));
    return ByteBufUtil.getBytes(all);
  }

  private void arrive(byte[] all, int from, int to) {
    inflow.read(Unpooled.copiedBuffer(all, from, to - from));
  }

  private Inflow open() {
    return new Inflow(
        allocator,
        FRAME_BYTES_MAX,
        new Inflow.Sink() {
          @Override
          public void greeted(MultiMap greeting) {
            seen.add("greeted " + greeting.get("raft-from"));
          }

          @Override
          public void frame(ByteBuf in, int length) {
            seen.add(in.readCharSequence(length, StandardCharsets.US_ASCII).toString());
          }

          @Override
          public void tooLarge() {
            seen.add("too large");
          }

          @Override
          public void broken(String why) {
            seen.add(why);
          }
        });
  }
}
