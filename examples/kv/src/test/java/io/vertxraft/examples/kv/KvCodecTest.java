package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.examples.kv.KvReply.KeyInfo;
import io.vertxraft.examples.kv.KvReply.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KvCodecTest {
  static Stream<KvCommand> commands() {
    KvKey odd = KvKey.of("a/b \u0000 \u00e9 \ud83d\ude00");
    Buffer value = Buffer.buffer(new byte[] {0, -1, 127, 10});
    return Stream.of(
        new KvCommand.Put(odd, value, Condition.NONE, Long.MAX_VALUE),
        new KvCommand.Put(KvKey.of("k"), Buffer.buffer(), Condition.ABSENT, 1),
        new KvCommand.Put(KvKey.of("k"), value, Condition.index(77), 1),
        new KvCommand.Delete(odd, Condition.PRESENT),
        new KvCommand.Delete(KvKey.of("x".repeat(KvKey.BYTES_MAX)), Condition.index(1)));
  }

  static Stream<KvQuery> queries() {
    return Stream.of(
        new KvQuery.Get(KvKey.of("a/b \u0000 \u00e9 \ud83d\ude00")),
        new KvQuery.List(KvKey.EMPTY, KvKey.EMPTY, 1_000),
        new KvQuery.List(KvKey.of("p"), KvKey.of("pq"), 1));
  }

  static Stream<KvReply> replies() {
    return Stream.of(
        KvReply.of(Status.OK, 5, 2),
        KvReply.of(Status.PRECONDITION_FAILED, 0, 0),
        KvReply.value(9, 3, Buffer.buffer("value")),
        KvReply.listing(
            List.of(new KeyInfo(KvKey.of("a"), 3, 0), new KeyInfo(KvKey.of("\u00e9"), 4, 1 << 20)),
            true));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_command_is_read_as_it_was_written(KvCommand command) {
    assertThat(KvCodec.decodeCommand(KvCodec.encode(command))).isEqualTo(command);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void a_query_is_read_as_it_was_written_and_is_no_command(KvQuery query) {
    Buffer bytes = KvCodec.encode(query);

    assertThat(KvCodec.decodeQuery(bytes)).isEqualTo(query);
    assertThatThrownBy(() -> KvCodec.decodeCommand(bytes)).hasMessageContaining("is not known");
  }

  @ParameterizedTest
  @MethodSource("replies")
  void a_reply_is_read_as_it_was_written(KvReply reply) {
    assertThat(KvCodec.decodeReply(KvCodec.encode(reply))).isEqualTo(reply);
  }

  @Test
  void the_bytes_of_version_1_stay_what_they_are() {
    KvCommand put =
        new KvCommand.Put(KvKey.of("ab"), Buffer.buffer("xyz"), Condition.index(258), 65_536);

    assertThat(HexFormat.of().formatHex(KvCodec.encode(put).getBytes()))
        .isEqualTo(
            "01" + "01" + "01" + "0000000000000102" + "0000000000010000" + "00026162" + "78797a");
    assertThat(hex(new KvCommand.Delete(KvKey.of("a"), Condition.ABSENT)))
        .isEqualTo("01" + "02" + "02" + "0000000000000000" + "000161");
    assertThat(hex(new KvQuery.Get(KvKey.of("a")))).isEqualTo("01" + "03" + "000161");
    assertThat(hex(new KvQuery.List(KvKey.of("a"), KvKey.EMPTY, 10)))
        .isEqualTo("01" + "04" + "0000000a" + "000161" + "0000");
    assertThat(
            HexFormat.of().formatHex(KvCodec.encode(KvReply.of(Status.NOT_FOUND, 1, 2)).getBytes()))
        .isEqualTo("01" + "02" + "00" + "0000000000000001" + "0000000000000002" + "00000000");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_command_that_is_cut_short_before_its_value_is_refused(KvCommand command) {
    Buffer whole = KvCodec.encode(command);
    int valueBytes = command instanceof KvCommand.Put put ? put.value().length() : 0;

    for (int length = 0; length < whole.length() - valueBytes; length++) {
      Buffer part = whole.getBuffer(0, length);
      assertThatThrownBy(() -> KvCodec.decodeCommand(part))
          .as("first %d bytes", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void random_bytes_are_refused_and_never_harm() {
    Random random = new Random(20_261_123);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = KvCodec.VERSION;
        bytes[1] = (byte) random.nextInt(6);
      }
      try {
        KvCodec.decodeCommand(Buffer.buffer(bytes));
      } catch (IllegalArgumentException expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
      try {
        KvCodec.decodeQuery(Buffer.buffer(bytes));
      } catch (IllegalArgumentException expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
      try {
        KvCodec.decodeReply(Buffer.buffer(bytes));
      } catch (IllegalArgumentException expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void a_later_version_is_told_apart_from_nonsense() {
    Buffer later = Buffer.buffer(new byte[] {2, 2, 0, 1, 'a'});

    assertThatThrownBy(() -> KvCodec.decodeCommand(later))
        .isInstanceOf(KvCodec.UnknownVersionException.class)
        .hasMessage(
            "command has format version 2, this program knows 1; run the newer program on this"
                + " member");
  }

  @Test
  void bytes_after_the_end_are_refused() {
    Buffer longer = KvCodec.encode(new KvQuery.Get(KvKey.of("a"))).appendByte((byte) 0);
    Buffer command =
        KvCodec.encode(new KvCommand.Delete(KvKey.of("a"), Condition.NONE)).appendByte((byte) 0);

    assertThatThrownBy(() -> KvCodec.decodeQuery(longer)).hasMessage("1 bytes follow the end");
    assertThatThrownBy(() -> KvCodec.decodeCommand(command)).hasMessage("1 bytes follow the end");
  }

  @Test
  void a_longest_value_with_a_longest_key_fits_the_announced_overhead() {
    KvKey key = KvKey.of("x".repeat(KvKey.BYTES_MAX));
    KvCommand put = new KvCommand.Put(key, Buffer.buffer("v"), Condition.NONE, 1);

    assertThat(KvCodec.encode(put).length()).isEqualTo(1 + KvCodec.PUT_OVERHEAD_BYTES_MAX);
  }

  private static String hex(KvQuery query) {
    return HexFormat.of().formatHex(KvCodec.encode(query).getBytes());
  }

  private static String hex(KvCommand command) {
    return HexFormat.of().formatHex(KvCodec.encode(command).getBytes());
  }
}
