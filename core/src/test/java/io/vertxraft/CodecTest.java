package io.vertxraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What a codec writes it can read. */
class CodecTest {
  /** A codec of an application for the event bus. */
  private static final class Money implements MessageCodec<Long, Long> {
    @Override
    public void encodeToWire(Buffer buffer, Long cents) {
      buffer.appendLong(cents);
    }

    @Override
    public Long decodeFromWire(int position, Buffer buffer) {
      return buffer.getLong(position);
    }

    @Override
    public Long transform(Long cents) {
      return cents;
    }

    @Override
    public String name() {
      return "money";
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }

  private static <T> T roundTrip(Codec<T> codec, T value) throws Exception {
    return codec.decode(codec.encode(value));
  }

  @Test
  void textJsonBytesAndTheEventBusHaveCodecs() throws Exception {
    assertThat(roundTrip(Codec.string(), "süß")).isEqualTo("süß");
    assertThat(roundTrip(Codec.json(), new JsonObject().put("a", 1)).getInteger("a")).isEqualTo(1);
    assertThat(roundTrip(Codec.buffer(), Buffer.buffer("b"))).hasToString("b");
    assertThat(roundTrip(Codec.of(new Money()), 1_99L)).isEqualTo(1_99L);
  }

  @Test
  void twoFunctionsAreACodec() throws Exception {
    Codec<Member> members =
        Codec.of(member -> member.toJson().toBuffer(), bytes -> new Member(bytes.toJsonObject()));

    assertThat(roundTrip(members, new Member("n1", "host", 1)).getHost()).isEqualTo("host");
  }

  /** Jackson Databind is no dependency of this module. */
  @Test
  void objectsAsJsonNeedALibraryThatIsNamedIfItIsNotThere() {
    assertThatThrownBy(() -> Codec.json(Member.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Codec.json(Member)")
        .hasMessageContaining("jackson-databind");
  }
}
