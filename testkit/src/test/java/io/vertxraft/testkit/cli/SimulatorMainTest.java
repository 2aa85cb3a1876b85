package io.vertxraft.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator from the command line. */
class SimulatorMainTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
  @TempDir private Path directory;

  private int run(String... arguments) throws InterruptedException {
    return SimulatorMain.run(
        new PrintStream(printed, true, StandardCharsets.UTF_8),
        new PrintStream(complaints, true, StandardCharsets.UTF_8),
        false,
        arguments);
  }

  private String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return complaints.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theLastLineOfABatchSumsItUp() throws InterruptedException {
    assertThat(run("--seeds", "0..9", "--time", "2s", "--threads", "2")).isZero();

    assertThat(output().lines().reduce((a, b) -> b).orElse(""))
        .matches(
            "10 seeds, .* simulated hours in \\d+ s \\(\\d+ times real time\\), \\d+ commands"
                + " applied, \\d+ of \\d+ marks hit, 0 violations");
  }

  @Test
  void aSeedWritesATraceThatTheSpecificationAccepts() throws InterruptedException {
    String trace = directory.resolve("trace.ndjson").toString();

    assertThat(run("--seed", "3", "--time", "5s", "--trace", trace)).isZero();
    assertThat(run("--check-trace", trace)).isZero();

    assertThat(output()).contains("trace written to", "transitions checked, ok");
  }

  @Test
  void aTraceThatWasTamperedWithIsRefused() throws InterruptedException, IOException {
    Path trace = directory.resolve("trace.ndjson");
    run("--seed", "3", "--time", "5s", "--trace", trace.toString());
    String text = Files.readString(trace);
    Files.writeString(trace, text.replaceFirst("\"role\":\"CANDIDATE\"", "\"role\":\"LEADER\""));

    assertThat(run("--check-trace", trace.toString())).isEqualTo(1);
    assertThat(output()).contains("broken:");
  }

  @Test
  void aPlanCanBeSavedAndRunAgain() throws InterruptedException {
    String plan = directory.resolve("plan.json").toString();

    assertThat(run("--seed", "4", "--time", "3s", "--save-plan", plan)).isZero();
    String first = output().lines().findFirst().orElseThrow();
    printed.reset();
    assertThat(run("--plan", plan)).isZero();

    assertThat(output().lines().findFirst()).hasValue(first);
  }

  @Test
  void aPlantedBugIsFoundAndEndsWithOne() throws InterruptedException {
    int code = run("--bug", "commit-without-quorum", "--seeds", "1..50", "--time", "10s");

    assertThat(code).isEqualTo(1);
    assertThat(output()).contains("its story: I7", "found by seed");
  }

  @Test
  void aBatchThatMissesAMarkFailsIfMarksAreRequired() throws InterruptedException {
    assertThat(run("--seeds", "0..1", "--time", "1s", "--profile", "calm")).isZero();
    assertThat(run("--seeds", "0..1", "--time", "1s", "--profile", "calm", "--require-marks"))
        .isEqualTo(1);

    assertThat(output()).containsPattern("marks missed: .*CONFLICT_TRUNCATED");
  }

  @Test
  void theBankIsListed() throws InterruptedException {
    assertThat(run("--bugs")).isZero();

    assertThat(output()).contains("commit-of-earlier-terms", "needs R-");
  }

  @Test
  void helpNamesTheExitCodes() throws InterruptedException {
    assertThat(run("--help")).isZero();

    assertThat(output()).contains("--seeds", "a rule was broken");
  }

  @Test
  void aFileThatIsNoPlanIsNamed() throws InterruptedException, IOException {
    Path file = Files.writeString(directory.resolve("odd.json"), "not a plan");

    assertThat(run("--plan", file.toString())).isEqualTo(2);
    assertThat(errors()).contains("cannot read the plan " + file);

    assertThat(run("--seed", "1", "--time", "1s", "--save-plan", directory.toString()))
        .isEqualTo(2);
    assertThat(errors()).contains("cannot write the plan", directory.toString());
  }

  @Test
  void aHuntDoesNotTakeWhatItWouldIgnore() throws InterruptedException {
    assertThat(run("--hunt", "--members", "3")).isEqualTo(2);
    assertThat(run("--bug", "no-check-quorum", "--profile", "disk")).isEqualTo(2);

    assertThat(errors()).contains("leave out --profile, --members, --load");
  }

  @ParameterizedTest
  @CsvSource({
    "--seeds,9..1,--seeds",
    "--seeds,many,two numbers",
    "--seeds,0..99999999999999999999,up to 18 digits",
    "--time,0s,1ms to 24h",
    "--time,99999999999s,a number and ms",
    "--load,NaN,0.1 to 100000",
    "--members,0,1 to 7",
    "--time,long,a number and ms",
    "--profile,chaos,'default, snapshots, network, disk, clock or calm'",
    "--threads,0,1 to 1024",
    "--members,9,1 to 7",
    "--bug,no-such-bug,no-such-bug",
    "--plan,no-such-file.json,no-such-file.json",
    "--check-trace,no-such-file.json,no-such-file.json"
  })
  void wrongUseIsExplained(String option, String value, String explanation)
      throws InterruptedException {
    assertThat(run(option, value)).isEqualTo(2);

    assertThat(errors() + output()).contains(explanation);
  }
}
