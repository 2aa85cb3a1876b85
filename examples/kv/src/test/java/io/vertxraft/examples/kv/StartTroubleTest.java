package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that cannot start says so in the words of its command line. */
class StartTroubleTest {
  private static final String UNKNOWN_HOST = "no-such-host.invalid";

  @TempDir Path directory;

  @Test
  void the_directory_of_another_member_is_told_with_all_three_options_that_may_be_wrong()
      throws IOException {
    KvServer first = KvServer.create(options("n1", "127.0.0.1", Http.freePort(), "127.0.0.1"));
    await(first.start());
    await(first.stop());

    assertThat(trouble(options("n2", "127.0.0.1", Http.freePort(), "127.0.0.1")))
        .startsWith(
            "--data is '%s', --id is 'n2', --cluster-id is 'vertx-raft': ".formatted(data()))
        .contains("belongs to node 'n1'")
        .endsWith("correct one of these");
  }

  @Test
  void a_directory_that_cannot_be_made_is_told_without_the_names_of_exceptions()
      throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    KvServerOptions beneathFile =
        options("n1", "127.0.0.1", Http.freePort(), "127.0.0.1", file.resolve("data"));

    assertThat(trouble(beneathFile))
        .startsWith("--data is '%s': ".formatted(file.resolve("data")))
        .endsWith("; choose another one")
        .doesNotContain("Exception");
  }

  @Test
  void a_file_in_the_place_of_the_directory_is_told() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThat(trouble(options("n1", "127.0.0.1", Http.freePort(), "127.0.0.1", file)))
        .startsWith("--data is '%s': ".formatted(file))
        .endsWith("remove what is there, or choose another one");
  }

  @Test
  void a_peer_port_that_is_taken_is_told_with_a_remedy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThat(trouble(options("n1", "127.0.0.1", port, "127.0.0.1")))
          .isEqualTo(
              "--members has 'n1=127.0.0.1:%d', where this process cannot listen for its peers:"
                      .formatted(port)
                  + " Address already in use; end what uses the port, or give n1 another one on"
                  + " every member");
    }
  }

  @Test
  void hosts_that_nobody_knows_are_told_by_the_option_that_names_them() throws IOException {
    int port = Http.freePort();

    assertThat(trouble(options("n1", UNKNOWN_HOST, port, "127.0.0.1")))
        .isEqualTo(
            "--members has 'n1=%s:%d', where this process cannot listen for its peers: the host"
                    .formatted(UNKNOWN_HOST, port)
                + " name is not known; correct it on every member");
    assertThat(trouble(options("n1", "127.0.0.1", port, UNKNOWN_HOST)))
        .isEqualTo(
            "--http is '%s:0', where this process cannot listen: the host name is not known;"
                    .formatted(UNKNOWN_HOST)
                + " choose another address or port");
  }

  private String trouble(KvServerOptions options) {
    Throwable cause =
        await(
            KvServer.create(options)
                .start()
                .<Throwable>map(started -> null)
                .recover(Future::succeededFuture));
    assertThat(cause).as("trouble").isNotNull();
    return StartTrouble.describe(cause, options);
  }

  private Path data() {
    return directory.resolve("data");
  }

  private KvServerOptions options(String id, String peerHost, int peerPort, String httpHost) {
    return options(id, peerHost, peerPort, httpHost, data());
  }

  private static KvServerOptions options(
      String id, String peerHost, int peerPort, String httpHost, Path data) {
    RaftOptions raft =
        new RaftOptions().setNodeId(id).addMember(new Member(id, peerHost, peerPort));
    return KvServerOptions.of(raft, data, httpHost, 0);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
