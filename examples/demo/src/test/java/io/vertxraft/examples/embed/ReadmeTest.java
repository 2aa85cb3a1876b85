package io.vertxraft.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows compiles and works. */
class ReadmeTest {
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("```java\n(public class .*?)```", Pattern.DOTALL);

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  @Test
  void theVerticleInTheReadmeIsTheOneThatIsTestedHere() throws IOException {
    Matcher block = JAVA_BLOCK.matcher(Files.readString(root().resolve("README.md")));
    assertThat(block.find()).isTrue();
    Path source =
        root()
            .resolve("examples/demo/src/test/java")
            .resolve(CounterVerticle.class.getName().replace('.', '/') + ".java");
    String code = Files.readString(source);

    assertThat(block.group(1)).isEqualTo(code.substring(code.indexOf("public class")));
    assertThat(block.group(1).lines().count()).isLessThanOrEqualTo(36);
  }

  @Test
  void threeOfThemCountTogether() throws Exception {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      members.add(new Member("n" + i, "127.0.0.1", freePort()));
    }
    for (Member member : members) {
      RaftOptions raft = new RaftOptions().setNodeId(member.getNodeId()).setMembers(members);
      JsonObject config =
          new JsonObject()
              .put("raft", raft.toJson())
              .put("data", directory.resolve(member.getNodeId()).toString());
      vertx
          .deployVerticle(new CounterVerticle(), new DeploymentOptions().setConfig(config))
          .await(30, TimeUnit.SECONDS);
    }

    long total = 0;
    for (int i = 1; i <= 3; i++) {
      total = addOnceALeaderIsKnown("counter.n" + i, 10);
    }

    assertThat(total).isEqualTo(30);
  }

  /** A rejected command is certainly not in the log: sending it again adds nothing twice. */
  private long addOnceALeaderIsKnown(String address, int amount) throws Exception {
    for (int attempt = 0; attempt < 300; attempt++) {
      try {
        return vertx.eventBus().<Long>request(address, amount).await(30, TimeUnit.SECONDS).body();
      } catch (ReplyException e) {
        assertThat(e.getMessage()).contains("does not lead");
        vertx.timer(100, TimeUnit.MILLISECONDS).await(10, TimeUnit.SECONDS);
      }
    }
    throw new AssertionError("no leader within 30 s");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve(".mvn"))) {
      path = path.getParent();
    }
    return path;
  }
}
