package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void withoutOptionsThereAreThreeMembersUnderLoad() {
    DemoOptions options = DemoOptions.parse();
    assertThat(options.members()).isEqualTo(3);
    assertThat(options.load()).isEqualTo(500);
    assertThat(options.valueBytes()).isEqualTo(128);
    assertThat(options.port()).isZero();
    assertThat(options.electionTimeoutMs()).isEqualTo(600);
    assertThat(options.seconds()).isZero();
    assertThat(options.snapshots().getEntries()).isEqualTo(3_000);
    assertThat(options.snapshots().getRetainEntries()).isEqualTo(750);
    assertThat(options.data()).isNull();
    assertThat(options.script()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--members=0                | --members is 0, allowed is 1 to 7",
        "--members=8                | --members is 8, allowed is 1 to 7",
        "--members=three            | --members is 'three', allowed is 1 to 7",
        "--load=99999999999         | --load is '99999999999', allowed is 0 to 200000",
        "--load=-1                  | --load is -1, allowed is 0 to 200000",
        "--load=200001              | --load is 200001, allowed is 0 to 200000",
        "--value-bytes=15           | --value-bytes is 15, allowed is 16 to 1048576",
        "--value-bytes=1048577      | --value-bytes is 1048577, allowed is 16 to 1048576",
        "--port=65536               | --port is 65536, allowed is 0 to 65535",
        "--port=-1                  | --port is -1, allowed is 0 to 65535",
        "--election-timeout-ms=99   | --election-timeout-ms is 99, allowed is 100 to 60000",
        "--election-timeout-ms=60001| --election-timeout-ms is 60001, allowed is 100 to 60000",
        "--snapshot-entries=-1      | --snapshot-entries is -1, allowed is 0 to 10000000",
        "--seconds=-1               | --seconds is -1, allowed is 0 to 86400",
        "--seconds=86401            | --seconds is 86401, allowed is 0 to 86400",
        "--script=soon k            | --script: step 'soon k' does not have the form",
        "--speed=9                  | Unknown option: '--speed=9'",
        "--load                     | Missing required parameter for option '--load'",
      })
  void aWrongOptionIsNamedWithValueAndRangeAndExits2(String argument, String message) {
    assertThat(run(argument)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(message).contains("Try --help.");
    assertThat(out.size()).isZero();
  }

  @Test
  void helpNamesEveryKeyAndTheExitCodes() {
    assertThat(run("--help")).isZero();
    String help = out.toString(StandardCharsets.UTF_8);
    for (Action action : Action.values()) {
      assertThat(help).contains(action.description());
    }
    assertThat(help).contains("--script", "Exit codes");
    assertThat(err.size()).isZero();
  }

  private int run(String... args) {
    return DemoMain.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
