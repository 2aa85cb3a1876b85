package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, played by script. */
@Timeout(60)
class DemoTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final Context clientContext = vertx.getOrCreateContext();
  private boolean earlierData;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aKilledLeaderIsReplacedNothingIsLostAndTheExitCodeSaysSo() throws Exception {
    Demo demo = demo("--script", "300ms k, 301ms k, 302ms q", "--election-timeout-ms", "2000");
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
    Demo demo = demo("--script", "1ms k, 2ms f, 3ms q", "--election-timeout-ms", "1000");
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
      assertThat(ask(request, Buffer.buffer()).status()).as(path).isEqualTo(200);
    }
    demo.interrupt();
    assertThat(await(demo.ended())).isZero();
    // A thread of its own prints: only the end of the demo says that all is printed.
    assertThat(output()).contains("console " + address);
  }

  @Test
  void theConsoleBreaksAndMendsTheGroup() throws Exception {
    Demo demo = demo("--election-timeout-ms", "2000");
    await(vertx.deployVerticle(demo));
    String address = demo.consoleAddress();
    String leader;
    JsonObject dry;
    do {
      // A leader that has just been elected serves a moment later, and counts on the others later
      // still.
      leader = servingLeader(address);
      dry = act(address, "kill?dryRun=true", new JsonObject().put("member", leader));
    } while (dry.getJsonObject("effect").getInteger("toleratesBefore") < 1);
    assertThat(dry.getJsonObject("effect").getString("text"))
        .isEqualTo(leader + " is gone at once; majority stays 2 of 3; tolerates 1 → 0");
    assertThat(act(address, "kill", new JsonObject().put("member", leader)).getString("text"))
        .isEqualTo(leader + ", the leader, was killed");
    assertThat(act(address, "kill", new JsonObject().put("member", leader)).getString("error"))
        .startsWith(leader + " is ");
    String next = leaderOtherThan(leader, address);
    List<String> haveLed = List.of(leader, next);
    String follower =
        List.of("n1", "n2", "n3").stream()
            .filter(id -> !haveLed.contains(id))
            .findFirst()
            .orElseThrow();
    JsonObject link = new JsonObject().put("from", follower).put("to", next);
    assertThat(act(address, "cut", link).getString("outcome")).isEqualTo("DONE");
    JsonObject slow = new JsonObject().put("member", follower).put("delayMs", 5);
    assertThat(act(address, "slow-disk", slow).getString("outcome")).isEqualTo("DONE");
    assertThat(act(address, "slow-disk", slow.copy().put("delayMs", 0)).getString("error"))
        .isEqualTo("delayMs must be 1 to 60000");
    assertThat(act(address, "heal", new JsonObject()).getString("outcome")).isEqualTo("DONE");
    assertThat(act(address, "heal", new JsonObject()).getString("error"))
        .isEqualTo("no link is cut and no disk is slow");
    JsonObject dead = new JsonObject().put("member", leader);
    JsonObject restarted = act(address, "restart", dead);
    while (!"DONE".equals(restarted.getString("outcome"))) {
      // It may be on its way down still.
      restarted = act(address, "restart", dead);
    }
    assertThat(restarted.getString("text")).isEqualTo(leader + " runs again, from its data");
    demo.interrupt();
    assertThat(await(demo.ended())).isZero();
  }

  private JsonObject act(String address, String action, JsonObject parameters) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(address + "api/v1/actions/" + action)
            .putHeader("Content-Type", "application/json")
            .putHeader("X-Raft-Console", "1");
    return ask(request, parameters.toBuffer()).body().toJsonObject();
  }

  private record Answer(int status, Buffer body) {}

  /**
   * By one client that stays referenced, or it would be closed when the garbage is collected; on a
   * context of its own, or a body might pass before it is asked for.
   */
  private Answer ask(RequestOptions options, Buffer body) {
    Promise<Answer> answer = Promise.promise();
    clientContext.runOnContext(
        v ->
            client
                .request(options)
                .compose(request -> request.send(body))
                .compose(
                    response ->
                        response.body().map(read -> new Answer(response.statusCode(), read)))
                .onComplete(answer));
    return await(answer.future());
  }

  private String leaderOtherThan(String other, String address) {
    String leader = leader(address);
    while (leader == null || leader.equals(other)) {
      leader = leader(address);
    }
    return leader;
  }

  /** Who leads and serves, by its own account. */
  private String servingLeader(String address) {
    while (true) {
      String leader = leaderOtherThan("nobody", address);
      JsonObject status = state(address + leader + "/").getJsonObject("status");
      if (status != null && status.getBoolean("leaderReady", false)) {
        return leader;
      }
    }
  }

  /** Who leads, as the console says; null while nobody does. */
  private String leader(String address) {
    return state(address).getString("leaderId");
  }

  /** What a console shows; empty while it has nothing to show. */
  private JsonObject state(String address) {
    RequestOptions request =
        new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(address + "api/v1/state");
    Answer answer = ask(request, Buffer.buffer());
    return answer.status() == 200 ? answer.body().toJsonObject() : new JsonObject();
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
