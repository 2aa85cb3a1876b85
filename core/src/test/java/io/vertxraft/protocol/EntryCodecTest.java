package io.vertxraft.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntryCodecTest {
  private final EntryCodec codec = new EntryCodec("group");

  @ParameterizedTest
  @EnumSource(EntryType.class)
  void decodingGivesBackWhatWasEncoded(EntryType type) {
    LogEntry entry = codec.encode(7, 3, type, bytes("payload"));

    LogEntry decoded = codec.decode(entry.encoded().clone());

    assertThat(decoded).isEqualTo(entry);
    assertThat(decoded.index()).isEqualTo(7);
    assertThat(decoded.term()).isEqualTo(3);
    assertThat(decoded.type()).isEqualTo(type);
    assertThat(decoded.payload()).isEqualTo(java.nio.ByteBuffer.wrap(bytes("payload")));
  }

  /** The bytes of version 1 must be readable for ever. */
  @Test
  void theFormatOfVersionOneIsFixed() {
    LogEntry entry = codec.encode(258, 2, EntryType.COMMAND, bytes("hi"));

    String hex = HexFormat.of().formatHex(entry.encoded());
    assertThat(hex).startsWith("01010018").endsWith("00000000000001020000000000000002" + "6869");
    assertThat(hex).hasSize(2 * (EntryCodec.HEADER_BYTES + 2));
    assertThat(hex.substring(8, 16)).isEqualTo("8b71562f");
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] good = codec.encode(7, 3, EntryType.COMMAND, bytes("payload")).encoded();

    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> codec.decode(bad))
          .as("bit %d", bit)
          .isInstanceOf(CorruptEntryException.class);
    }
  }

  @Test
  void aTruncatedEntryIsNoticedAtEveryLength() {
    byte[] good = codec.encode(7, 3, EntryType.COMMAND, bytes("payload")).encoded();

    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(CorruptEntryException.class);
    }
  }

  @Test
  void anEntryIsVerifiedWhereItStandsAmongOtherBytes() {
    byte[] entry = codec.encode(7, 3, EntryType.COMMAND, bytes("payload")).encoded();
    byte[] among = new byte[entry.length + 20];
    java.util.Arrays.fill(among, (byte) 0x55);
    System.arraycopy(entry, 0, among, 9, entry.length);

    codec.verify(among, 9, entry.length);
    assertThat(EntryCodec.index(among, 9)).isEqualTo(7);
    assertThat(EntryCodec.term(among, 9)).isEqualTo(3);
    for (int at = 9; at < 9 + entry.length; at++) {
      among[at] ^= 1;
      assertThatThrownBy(() -> codec.verify(among, 9, entry.length))
          .as("byte %d", at)
          .isInstanceOf(CorruptEntryException.class);
      among[at] ^= 1;
    }
    assertThatThrownBy(() -> codec.verify(among, 9, entry.length + 1))
        .isInstanceOf(CorruptEntryException.class);
  }

  @Test
  void anEntryOfAnotherGroupDoesNotVerify() {
    byte[] foreign =
        new EntryCodec("other").encode(7, 3, EntryType.COMMAND, bytes("payload")).encoded();

    assertThatThrownBy(() -> codec.decode(foreign))
        .isInstanceOf(CorruptEntryException.class)
        .hasMessageContaining("checksum mismatch");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
