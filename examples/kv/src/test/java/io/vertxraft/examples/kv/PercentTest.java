package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "abc|abc",
        "a%2Fb|a/b",
        "a%2fb|a/b",
        "%2e%2e|..",
        "..|..",
        "a+b|a+b",
        "a%20b|a b",
        "%C3%A9|\u00e9",
        "%F0%9F%98%80|\ud83d\ude00",
        "%25|%",
        "%2525|%25",
      })
  void a_segment_is_decoded_once_and_nothing_else_is_changed(String raw, String key) {
    assertThat(Percent.decodeSegment("key", raw)).hasToString(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%|key has a '%' at 0 that two hexadecimal digits do not follow",
        "a%2|key has a '%' at 1 that two hexadecimal digits do not follow",
        "a%zz|key has a '%' at 1 that two hexadecimal digits do not follow",
        "%+1|key has a '%' at 0 that two hexadecimal digits do not follow",
        "\u00e9|key has a character at 0 that must be percent-encoded",
        "%FF|key: not valid UTF-8",
        "%C3|key: not valid UTF-8",
        "%C0%AF|key: not valid UTF-8",
        "%ED%A0%80|key: not valid UTF-8",
      })
  void what_is_no_percent_encoded_utf8_is_refused(String raw, String message) {
    assertThatThrownBy(() -> Percent.decodeSegment("key", raw)).hasMessage(message);
  }

  @Test
  void a_query_is_split_before_it_is_decoded() {
    assertThat(Percent.decodeQuery("prefix=a%26b%3Dc+d&limit=5&after="))
        .containsEntry("prefix", KvKey.of("a&b=c d"))
        .containsEntry("limit", KvKey.of("5"))
        .containsEntry("after", KvKey.EMPTY);
    assertThat(Percent.decodeQuery(null)).isEmpty();
  }

  @Test
  void a_parameter_that_is_given_twice_is_refused() {
    assertThatThrownBy(() -> Percent.decodeQuery("limit=1&limit=2"))
        .hasMessage("parameter 'limit' is given twice");
  }
}
