package io.vertxraft.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is wrong on the command line is named, and nothing is measured. */
class PeersCommandTest {
  @TempDir Path out;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--peers ours,zookeeper | --peers names zookeeper; there are ours, ours-socket, ours-apart",
        "--measures beauty | --measures names beauty; there are commands, reads",
        "--measures restart --rounds 0 | --rounds must be 1 to 1000, not 0",
        "--measures failover --rounds 0 | --rounds must be 1 to 1000, not 0",
        "--shapes c | '--shapes'",
        "--payloads 0 | --payloads must be 1 to 1048576, not 0",
        "--payloads 2000000 | --payloads must be 1 to 1048576, not 2000000",
        "--in-flight -1 | --in-flight must be 0 to 65536, not -1",
        "--in-flight many | '--in-flight'",
        "--rates 99999999 | --rates must be 0 to 10000000, not 99999999",
        "--groups 0 | --groups must be 1 to 512, not 0",
        "--rounds 0 | --rounds must be 1 to 1000, not 0",
        "--seconds 0 | --seconds must be 1 to 3600, not 0",
        "--warm-up -1 | --warm-up must be 0 to 3600, not -1",
        "--heap 1 | --heap must be 64 to 1048576, not 1",
        "--dir /no/such/place | --dir is /no/such/place, which is not a directory: create it first",
        "--fast | Unknown option: '--fast'",
      })
  void whatIsWrongIsNamed(String arguments, String message) {
    StringWriter errors = new StringWriter();
    CommandLine command = BenchMain.commandLine().setErr(new PrintWriter(errors));
    int code = command.execute((arguments + " --out " + out).split(" ", -1));
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains(message);
    assertThat(out).isEmptyDirectory();
  }
}
