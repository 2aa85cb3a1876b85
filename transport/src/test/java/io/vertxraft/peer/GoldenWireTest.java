package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.grpc.proto.Envelope;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
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
  private static final List<Message> SAMPLES = GoldenMessages.ALL;
  private static final String GROUP = GoldenMessages.GROUP;
  private static final EntryCodec CODEC = new EntryCodec(GROUP);

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
}
