package io.vertxraft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.protocol.Envelope.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Envelopes on disk and on the wire. */
class EnvelopeTest {
  private static byte[] entry() {
    byte[] body = "body".getBytes(StandardCharsets.UTF_8);
    byte[] entry = Envelope.allocate(Kind.COMMAND, true, false, 7, 8, 9, body.length);
    System.arraycopy(body, 0, entry, Envelope.BODY_AT, body.length);
    Envelope.stamp(entry, 10);
    return entry;
  }

  @Test
  void whatWasPutInComesOutOfTheSealedEntry() {
    EntryCodec codec = new EntryCodec("g");
    LogEntry sealed = codec.seal(entry(), 3, 2, EntryCodec.typeOf(entry()));
    assertThat(codec.decode(sealed.encoded()).type()).isEqualTo(EntryType.ENVELOPE);

    Envelope envelope = Envelope.of(sealed);

    assertThat(envelope.kind()).isEqualTo(Kind.COMMAND);
    assertThat(envelope.several()).isTrue();
    assertThat(envelope.deflated()).isFalse();
    assertThat(envelope.logTimeMs()).isEqualTo(10);
    assertThat(envelope.sessionId()).isEqualTo(7);
    assertThat(envelope.sequence()).isEqualTo(8);
    assertThat(envelope.acknowledged()).isEqualTo(9);
    assertThat(
            new String(
                envelope.bytes(), envelope.bodyAt(), envelope.bodyBytes(), StandardCharsets.UTF_8))
        .isEqualTo("body");
  }

  @Test
  void theTermsOfASessionComeOut() {
    byte[] opening = Envelope.openSession(new Envelope.SessionTerms(1, 2, 3));

    assertThat(Envelope.ofUnsealed(opening).terms()).isEqualTo(new Envelope.SessionTerms(1, 2, 3));
  }

  @Test
  void whatIsNoEnvelopeOfThisVersionIsRefusedByName() {
    byte[] version = entry();
    version[EntryCodec.HEADER_BYTES] = 9;
    assertRefused(version, "version 9");
    byte[] kind = entry();
    kind[EntryCodec.HEADER_BYTES + 1] = 77;
    assertRefused(kind, "kind code 77");
    byte[] flags = entry();
    flags[EntryCodec.HEADER_BYTES + 2] = 64;
    assertRefused(flags, "flags 64");
    assertRefused(EntryCodec.allocate(35, EntryType.ENVELOPE), "shorter than its header");
    assertThatThrownBy(() -> Envelope.ofUnsealed(entry()).terms())
        .hasMessageContaining("without its terms");
  }

  private static void assertRefused(byte[] entry, String message) {
    assertThatThrownBy(() -> Envelope.ofUnsealed(entry))
        .isInstanceOf(CorruptEntryException.class)
        .hasMessageContaining(message);
  }
}
