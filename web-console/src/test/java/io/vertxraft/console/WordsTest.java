package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "-5, 0 ms",
    "40, 40 ms",
    "999, 999 ms",
    "6230, 6.2 s",
    "12000, 12 s",
    "119999, 119 s",
    "120000, 2 min",
    "7199999, 119 min",
    "7200000, 2 h",
    "172800000, 2 d"
  })
  void durationsAreAsPreciseAsAReaderNeeds(long ms, String words) {
    assertThat(Words.duration(ms)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "56320, 55 KiB",
    "3565158, 3.4 MiB",
    "1073741824, 1.0 GiB",
    "13958643712, 13 GiB"
  })
  void bytesAreInTheUnitThatFits(long bytes, String words) {
    assertThat(Words.bytes(bytes)).isEqualTo(words);
  }

  @Test
  void listsReadLikeSentences() {
    assertThat(Words.list(List.of())).isEmpty();
    assertThat(Words.list(List.of("n1"))).isEqualTo("n1");
    assertThat(Words.list(List.of("n1", "n2", "n3"))).isEqualTo("n1, n2 and n3");
  }

  @Test
  void plainTextStaysOnOneLine() {
    assertThat(Words.plain("a\r\nb\u001b[2Jc")).isEqualTo("a b [2Jc");
    assertThat(Words.plain(null)).isEmpty();
  }
}
