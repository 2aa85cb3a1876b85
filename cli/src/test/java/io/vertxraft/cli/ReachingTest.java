package io.vertxraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever stands between an operator and a console is named, with what to do about it. */
class ReachingTest extends LiveStory {
  private static final JsonObject HEALTHY = ScriptedConsole.state("HEALTHY", "Healthy: fine");

  @Test
  void the_address_may_lack_its_last_slash() {
    console.on("api/v1/state", HEALTHY);

    assertThat(raftctl("status", "--url", "http://127.0.0.1:" + console.port() + "/raft"))
        .as(err())
        .isEqualTo(RaftCtl.GOOD);
  }

  @Test
  void the_environment_sets_address_and_token() {
    console.on("api/v1/state", HEALTHY);
    System.setProperty("RAFTCTL_URL", console.url());
    System.setProperty("RAFTCTL_TOKEN", "s3cret");
    try {
      assertThat(RaftCtl.commandLine().execute("status", "--json")).isEqualTo(RaftCtl.GOOD);
    } finally {
      System.clearProperty("RAFTCTL_URL");
      System.clearProperty("RAFTCTL_TOKEN");
    }
    assertThat(console.requests.get(0).header("Authorization")).isEqualTo("Bearer s3cret");
  }

  @Test
  void headers_are_sent_and_an_authorization_goes_before_the_token() {
    console.on("api/v1/state", HEALTHY);

    raftctl("status", "-H", "authorization: Basic eA==", "--header", "X-Team: a:b", "--token", "t");

    assertThat(console.requests.get(0).header("Authorization")).isEqualTo("Basic eA==");
    assertThat(console.requests.get(0).header("X-Team")).isEqualTo("a:b");
  }

  @Test
  void a_header_without_a_name_is_refused_without_repeating_what_may_be_a_secret() {
    assertThat(raftctl("status", "--header", "s3cret")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("--header does not have the form 'Name: value'");
    assertThat(err()).doesNotContain("s3cret");
    assertThat(raftctl("status", "--header", "Host: s3cret")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("a --header cannot be sent").doesNotContain("s3cret");
  }

  @Test
  void nothing_listens_there() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port + "/raft/";

    assertThat(raftctl("status", "--url", url)).isEqualTo(RaftCtl.UNREACHABLE);

    assertThat(err())
        .contains("cannot connect to " + url, "nothing listens at 127.0.0.1:" + port)
        .contains("is its console mounted there?", "--url or RAFTCTL_URL");
  }

  @Test
  void a_host_that_is_not_known() {
    assertThat(raftctl("status", "--url", "http://no-such-host.invalid/raft/"))
        .isEqualTo(RaftCtl.UNREACHABLE);
    assertThat(err()).contains("the host of http://no-such-host.invalid/raft/ is not known");
  }

  @Test
  void a_member_that_does_not_answer_in_time() {
    CountDownLatch ended = new CountDownLatch(1);
    console.on(
        "api/v1/state",
        exchange -> {
          try {
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });

    int exitCode = raftctl("status", "--timeout", "1");
    ended.countDown();

    assertThat(exitCode).isEqualTo(RaftCtl.UNREACHABLE);
    assertThat(err()).contains("did not answer within 1 s", "--timeout sets another limit");
  }

  @ParameterizedTest
  @CsvSource({
    "401, 4, 'refuses (401): who are you. Give credentials by --header'",
    "403, 4, 'RAFTCTL_TOKEN; on loopback the host must be one the console allows'",
    "503, 5, 'does not serve now: who are you. Is its member closed, or has it too many watchers?'",
    "502, 5, 'answered ''state'' with 502: who are you'",
    "400, 2, 'who are you'"
  })
  void a_refusal_is_passed_on_with_what_to_do(int status, int exitCode, String words) {
    console.on("api/v1/state", status, new JsonObject().put("error", "who are you"));

    assertThat(raftctl("status")).isEqualTo(exitCode);
    assertThat(err()).contains(words);
  }

  @Test
  void a_login_page_is_not_followed() {
    console.on(
        "api/v1/state",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/login");
          ScriptedConsole.send(exchange, 302, "text/html", "");
        });

    assertThat(raftctl("status")).isEqualTo(RaftCtl.REFUSED);
    assertThat(err()).contains("sends on to '/login', perhaps to a login");
  }

  @Test
  void something_else_is_there() {
    assertThat(raftctl("status")).isEqualTo(RaftCtl.UNREACHABLE);
    assertThat(err()).contains("there is no Raft console at " + console.url());

    console.on(
        "api/v1/state", exchange -> ScriptedConsole.send(exchange, 200, "text/html", "<html>"));
    assertThat(raftctl("status")).isEqualTo(RaftCtl.UNREACHABLE);
    assertThat(err()).contains("there is no Raft console", "the path that it is mounted under");
  }

  @Test
  void an_older_console_lacks_an_address() {
    console.on("api/v1/capabilities", new JsonObject().put("apiVersion", 1));

    assertThat(raftctl("what-if")).isEqualTo(RaftCtl.REFUSED);
    assertThat(err()).contains("has no 'what-if'", "it is older than this raftctl");
  }

  @Test
  void a_console_of_several_groups_wants_to_know_which() {
    console.on("api/v1/capabilities", new JsonObject().put("kind", "groups"));
    console.on("groups/my%20group/api/v1/state", HEALTHY);

    assertThat(raftctl("status")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("is of several groups: give one by --group", "raftctl groups");
    assertThat(raftctl("status", "--group", "my group")).as(err()).isEqualTo(RaftCtl.GOOD);
    assertThat(raftctl("status", "--group", "nope")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("there is no group 'nope' at ", "'raftctl groups' lists those");
  }

  @Test
  void a_console_of_one_group_answers_for_no_other() {
    console.on(
        "api/v1/capabilities", new JsonObject().put("kind", "group").put("groupId", "orders"));
    console.on("api/v1/state", HEALTHY);

    assertThat(raftctl("status", "--group", "stock")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("is of group 'orders' and not of 'stock'");
    assertThat(raftctl("status", "--group", "orders")).isEqualTo(RaftCtl.GOOD);
    assertThat(raftctl("groups")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("is of one group: use 'raftctl status'");
  }

  @ParameterizedTest
  @CsvSource({
    "'localhost:8080', 'does not begin with http:// or https://'",
    "'http://', 'is no address'",
    "'http:///raft/', 'has no host'",
    "'http://a:secret@h/raft/', 'the address of h has a user in it'",
    "'http://h/raft/?x=1', 'goes on after the path'",
    "'http://h/ra ft/', 'is no address'"
  })
  void an_address_that_cannot_be_one(String url, String words) {
    assertThat(raftctl("status", "--url", url)).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains(words);
    assertThat(err().lines().findFirst().orElseThrow()).doesNotContain("secret");
  }

  @Test
  void a_time_limit_that_is_none() {
    assertThat(raftctl("status", "--timeout", "0")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("--timeout is 0: use 1 to 86400 seconds");
  }

  @Test
  void https_works_with_a_certificate_that_is_trusted_and_only_then(@TempDir Path directory)
      throws Exception {
    try (ScriptedConsole secure = new ScriptedConsole(tls(directory))) {
      secure.on("api/v1/state", HEALTHY);
      String url = "https://localhost:" + secure.port() + "/raft/";

      assertThat(raftctl("status", "--url", url)).isEqualTo(RaftCtl.UNREACHABLE);
      assertThat(err()).contains("TLS with localhost:" + secure.port() + " failed", "--cacert");

      String pem = directory.resolve("console.pem").toString();
      assertThat(raftctl("status", "--url", url, "--cacert", pem)).as(err()).isZero();

      String plain = url.replace("https", "http");
      assertThat(raftctl("status", "--url", plain)).isEqualTo(RaftCtl.UNREACHABLE);
    }
  }

  @Test
  void a_file_without_certificates_is_named(@TempDir Path directory) throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");

    assertThat(raftctl("status", "--cacert", empty.toString())).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("empty.pem' ").contains("PEM form");
    assertThat(raftctl("status", "--cacert", empty + "x")).isEqualTo(RaftCtl.USAGE);
    assertThat(err()).contains("empty.pemx' cannot be read");
  }

  private static SSLContext tls(Path directory) throws Exception {
    char[] password = "changeit".toCharArray();
    Path store = directory.resolve("console.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "console",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    Files.writeString(
        directory.resolve("console.pem"),
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(
                Base64.getMimeEncoder()
                    .encodeToString(keys.getCertificate("console").getEncoded())));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
