package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final Vertx vertx = Vertx.vertx();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void onATerminalTheStatusLineIsRewrittenInPlace() throws Exception {
    String shown =
        show(
            true,
            screen -> {
              screen.status("one");
              return screen.close();
            });

    assertThat(shown).contains("one").doesNotContain(System.lineSeparator());
  }

  @Test
  void onATerminalAMessageTakesOneLineAboveTheStatus() throws Exception {
    String shown =
        show(
            true,
            screen -> {
              screen.status("status");
              screen.print("message");
              return screen.close();
            });

    assertThat(shown.split(System.lineSeparator(), -1)).hasSize(2);
    assertThat(shown.indexOf("message")).isLessThan(shown.lastIndexOf("status"));
  }

  @Test
  void elsewhereEachStatusIsALineOfItsOwn() throws Exception {
    String shown =
        show(
            false,
            screen -> {
              screen.status("one");
              return screen.close();
            });

    assertThat(shown).isEqualTo("one" + System.lineSeparator());
  }

  private String show(boolean terminal, Function<Screen, Future<Void>> story) throws Exception {
    Promise<Void> done = Promise.promise();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    vertx.runOnContext(
        ignored -> story.apply(new Screen(vertx, out, terminal, false)).onComplete(done));
    done.future().await(20, TimeUnit.SECONDS);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
