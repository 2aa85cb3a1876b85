package io.vertxraft.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {
  @TempDir Path folder;

  @Test
  void linesAreInTheFileOnceItIsClosedAndTakeTheOldOnesPlace() throws IOException {
    Path path = folder.resolve("a/b/trace.ndjson");
    for (String text : new String[] {"\"old\"", "\"zwölf\""}) {
      try (TraceFile file = new TraceFile(path)) {
        assertThat(file.path()).isEqualTo(path);
        file.accept(text);
        file.accept("{}");
      }
    }
    assertThat(Files.readString(path, StandardCharsets.UTF_8)).isEqualTo("\"zwölf\"\n{}\n");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws IOException {
    Path inTheWay = Files.writeString(folder.resolve("taken"), "no directory");
    Path path = inTheWay.resolve("trace.ndjson");

    assertThatThrownBy(() -> new TraceFile(path))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("cannot write trace file '" + path + "': ")
        .hasMessageEndingWith("; name a file in a directory with room that you may write");
  }

  @Test
  void aLineAfterTheEndIsRefused() {
    TraceFile file = new TraceFile(folder.resolve("trace.ndjson"));
    file.close();
    file.close();

    assertThatThrownBy(() -> file.accept("{}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed: end the run before its file");
  }
}
