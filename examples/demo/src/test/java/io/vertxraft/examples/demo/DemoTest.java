package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, played by script. */
@Timeout(60)
class DemoTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private boolean earlierData;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aKilledLeaderIsReplacedNothingIsLostAndTheExitCodeSaysSo() throws Exception {
    Demo demo = demo("--script", "300ms k, 301ms k, 302ms q", "--election-timeout-ms", "500");
    await(vertx.deployVerticle(demo));
    assertThat(await(demo.ended())).isZero();
    assertThat(output())
        .containsPattern("n\\d, leader of term \\d+, was killed")
        .contains("there is no leader to kill")
        .containsPattern("fail-over took [\\d,]+ ms: ")
        .containsPattern("acknowledged writes lost: 0 of [\\d,]+, looked at n\\d, n\\d\\R")
        .containsPattern("acknowledged [\\d,]+, lost 0, fail-overs 1 \\(\\d+ ms\\)");
  }

  @Test
  void withoutAMajorityTheDemoEndsAsNotChecked() throws Exception {
    Demo demo = demo("--script", "1ms k, 2ms f, 3ms q", "--election-timeout-ms", "500");
    await(vertx.deployVerticle(demo));
    assertThat(await(demo.ended())).isEqualTo(1);
    assertThat(output()).contains("no majority", "cannot be checked", "lost not known");
  }

  @Test
  void aGroupThatNeverHadALeaderIsAFailure() throws Exception {
    Demo demo = demo("--seconds", "1", "--election-timeout-ms", "60000");
    await(vertx.deployVerticle(demo));
    assertThat(await(demo.ended())).isEqualTo(1);
    assertThat(output()).contains("the group never had a leader");
  }

  @Test
  void onTheDataOfAnEarlierRunTheLossCheckSaysWhatItCovers() throws Exception {
    earlierData = true;
    Demo demo = demo("--script", "1ms v, 2ms q", "--election-timeout-ms", "500");
    await(vertx.deployVerticle(demo));
    assertThat(await(demo.ended())).isZero();
    assertThat(output())
        .contains("this covers the present run, not what was in the directory before");
  }

  @Test
  void theConsoleShowsTheWholeAndEachMember() throws Exception {
    Demo demo = demo("--load", "0");
    await(vertx.deployVerticle(demo));
    String address = demo.consoleAddress();
    for (String path : new String[] {"", "n1/", "n2/", "n3/"}) {
      RequestOptions request =
          new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(address + path);
      HttpClientResponse response =
          await(vertx.createHttpClient().request(request).compose(r -> r.send()));
      assertThat(response.statusCode()).as(path).isEqualTo(200);
    }
    demo.interrupt();
    assertThat(await(demo.ended())).isZero();
    // A thread of its own prints: only the end of the demo says that all is printed.
    assertThat(output()).contains("console " + address);
  }

  @Test
  void aPortInUseIsNamedAndNothingKeepsRunning() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Demo demo = demo("--port", String.valueOf(taken.getLocalPort()));
      Throwable cause =
          await(
              vertx
                  .deployVerticle(demo)
                  .<Throwable>map(id -> null)
                  .recover(Future::succeededFuture));
      assertThat(cause)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("choose another --port");
      assertThat(vertx.deploymentIDs()).isEmpty();
    }
  }

  private Demo demo(String... args) throws Exception {
    PrintStream printer = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new Demo(
        DemoOptions.parse(args),
        new Demo.Environment(
            directory, FreePorts.find(3), printer, false, false, false, 100, earlierData, 0));
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
