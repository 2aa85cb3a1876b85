package io.vertxraft.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertxraft.peer.GoldenMessages;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.ReceivingGroup;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What earlier versions send over sockets stays readable, and what they read stays what is sent:
 * one line of the golden file per frame. A line that changes is a change of the wire format, which
 * members of different versions would not survive; a new message gets a new line.
 */
class SocketGoldenTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void everyMessageIsSentAsItWasAlwaysSent() throws IOException {
    String lines =
        String.join("\n", GoldenMessages.ALL.stream().map(SocketGoldenTest::line).toList())
            .concat("\n");
    assertThat(lines).isEqualTo(golden());
  }

  @Test
  void whatWasAlwaysSentIsRead() throws IOException {
    List<String> lines = golden().lines().toList();
    assertThat(lines).hasSameSizeAs(GoldenMessages.ALL);
    ReceivingGroup group = new ReceivingGroup(GoldenMessages.GROUP);
    for (int i = 0; i < lines.size(); i++) {
      ByteBuf frame = Unpooled.wrappedBuffer(HEX.parseHex(lines.get(i).split(" ", -1)[1]));
      int length = frame.readInt();
      assertThat(length).isEqualTo(frame.readableBytes());
      new FrameParser(group.reader(GoldenMessages.ALL.get(i))).read(frame, length);
    }
    assertThat(group.received)
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(GoldenMessages.ALL);
  }

  @Test
  void laterVersionsMayAppendToEveryFrame() {
    ReceivingGroup group = new ReceivingGroup(GoldenMessages.GROUP);
    for (Message message : GoldenMessages.ALL) {
      byte[] frame = RawSocket.frame(GoldenMessages.GROUP, message);
      if (frame[Integer.BYTES] != FrameType.ENVELOPE) {
        ByteBuf longer = Unpooled.buffer().writeBytes(frame).writeLong(42);
        longer.skipBytes(Integer.BYTES);
        new FrameParser(group.reader(message)).read(longer, longer.readableBytes());
        assertThat(group.received).last().isEqualTo(message);
      }
    }
    assertThat(group.received).isNotEmpty();
  }

  @Test
  void theGreetingIsWhatItWasAlways() {
    MultiMap greeting = MultiMap.caseInsensitiveMultiMap();
    Handshake.putRequest(greeting, new GroupIdentity("c", "g", "n1"), "n2");
    greeting.set(Greeting.STREAM, "BULK");
    ByteBuf encoded = Greeting.encode(greeting);
    assertThat(new String(ByteBufUtil.getBytes(encoded, 0, 8), StandardCharsets.US_ASCII))
        .isEqualTo("RAFT\r\n\r\n");
    assertThat(encoded.getUnsignedShort(8)).isEqualTo(encoded.readableBytes() - 10);
    assertThat(encoded.toString(10, encoded.readableBytes() - 10, StandardCharsets.UTF_8))
        .isEqualTo(
            """
            raft-cluster=c
            raft-from=n1
            raft-to=n2
            raft-version=1
            raft-stream=BULK
            """);
    assertThat(Greeting.decode(encoded, Greeting.length(encoded))).hasToString(greeting.toString());
  }

  static String line(Message message) {
    return message.getClass().getSimpleName()
        + " "
        + HEX.formatHex(RawSocket.frame(GoldenMessages.GROUP, message));
  }

  private static String golden() throws IOException {
    try (InputStream in = SocketGoldenTest.class.getResourceAsStream("/golden/socket-1.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
