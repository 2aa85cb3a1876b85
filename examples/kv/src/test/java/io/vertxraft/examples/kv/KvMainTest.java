package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.Member;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KvMainTest {
  private static final Map<String, String> VALID =
      Map.of(
          "--id", "n1",
          "--members", "n1=127.0.0.1:7101,n2=127.0.0.1:7102",
          "--http", "127.0.0.1:8101",
          "--data", "data-n1");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicReference<KvServerOptions> started = new AtomicReference<>();

  @Test
  void the_four_necessary_options_suffice_and_the_rest_has_defaults() {
    assertThat(run(Map.of())).isEqualTo(KvMain.STOPPED);

    KvServerOptions options = started.get();
    assertThat(options.raft().getNodeId()).isEqualTo("n1");
    assertThat(options.raft().getMembers()).hasSize(2);
    assertThat(options.raft().getElectionTimeoutMs()).isEqualTo(1_000);
    assertThat(options.raft().getCommandBytesMax())
        .isEqualTo((1 << 20) + KvCodec.PUT_OVERHEAD_BYTES_MAX);
    assertThat(options.valueBytesMax()).isEqualTo(1 << 20);
    assertThat(options.dataDirectory()).isEqualTo(Path.of("data-n1"));
    assertThat(options.serveClients()).isFalse();
    assertThat(options.httpHost()).isEqualTo("127.0.0.1");
    assertThat(options.httpPort()).isEqualTo(8101);
    assertThat(text(out)).contains("member n1 serves http://127.0.0.1:8101/kv");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void every_option_reaches_the_server() {
    Map<String, String> given = new TreeMap<>();
    given.put("--cluster-id", "shop");
    given.put("--http", "[::1]:9000");
    given.put("--priorities", "n2=7");
    given.put("--allowed-hosts", "shop.example");
    long value = 2_000_000;
    for (Setting setting : Setting.values()) {
      given.put(setting.option(), Long.toString(value++));
    }
    given.put("--election-timeout-ms", "5000");
    given.put("--heartbeat-interval-ms", "250");
    given.put("--append-entries-max", "77");
    given.put("--replication-messages-in-flight-max", "78");
    given.put("--http-connections-max", "79");
    given.put("--value-bytes-max", "80");
    given.put("--clock-drift-max-percent", "27");
    given.put("--snapshot-interval-s", "81");
    given.put("--snapshots-kept", "82");
    given.put("--snapshot-compressed", "1");
    given.put("--serve-clients", "1");

    assertThat(run(given)).as(text(err)).isEqualTo(KvMain.STOPPED);

    KvServerOptions options = started.get();
    assertThat(options.httpHost()).isEqualTo("::1");
    assertThat(text(out)).contains("serves http://[::1]:9000/kv");
    assertThat(options.raft().getMembers())
        .extracting(Member::getPriority)
        .containsExactly(Member.DEFAULT_PRIORITY, 7);
    assertThat(options.httpConnectionsMax()).isEqualTo(79);
    assertThat(options.valueBytesMax()).isEqualTo(80);
    assertThat(options.raft().getSnapshots().getIntervalMs()).isEqualTo(81_000);
    assertThat(options.raft().getSnapshots().isCompressed()).isTrue();
    assertThat(options.serveClients()).isTrue();
    List<String> elsewhere =
        List.of(
            "--http",
            "--priorities",
            "--snapshot-interval-s",
            "--snapshot-compressed",
            "--serve-clients");
    String all = options.raft().toJson().encode() + options;
    given.forEach(
        (option, text) -> {
          if (!elsewhere.contains(option)) {
            assertThat(all).as(option).containsPattern("[\":=\\[]" + text + "\\b");
          }
        });
  }

  @Test
  void there_is_always_room_on_the_way_in_for_a_longest_value() {
    assertThat(run(Map.of("--value-bytes-max", "16777216"))).isEqualTo(KvMain.STOPPED);

    assertThat(started.get().httpBytesInFlightMax()).isEqualTo(16_777_216);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--id|a b|--id 'a b' is not valid: use 1 to 64 characters of A-Z a-z 0-9 . _ -",
        "--id|n9|--id is 'n9', allowed is one of --members 'n1=127.0.0.1:7101,n2=127.0.0.1:7102'",
        "--cluster-id|x/y|--cluster-id 'x/y' is not valid: use 1 to 64 characters of A-Z a-z 0-9"
            + " . _ -",
        "--members|n1|--members is 'n1': member 'n1' does not have the form id=host:port, allowed"
            + " is id=host:port,... with ports 1 to 65535",
        "--members|n1=h:70000|--members is 'n1=h:70000': port 70000 of member 'n1' is not within"
            + " 1..65535, allowed is id=host:port,... with ports 1 to 65535",
        "--members|n1=h:1,n1=h:2|--members is 'n1=h:1,n1=h:2': members lists the id 'n1' twice",
        "--members|n1=h:1,n2=h:1|--members is 'n1=h:1,n2=h:1': members lists the address h:1 twice",
        "--http|8101|--http is '8101', allowed is host:port with a port of 1 to 65535",
        "--http|h:0|--http is 'h:0', allowed is host:port with a port of 1 to 65535",
        "--http|h:65536|--http is 'h:65536', allowed is host:port with a port of 1 to 65535",
        "--http|:80|--http is ':80', allowed is host:port with a port of 1 to 65535",
        "--data|''|--data is '', allowed is a directory",
        "--election-timeout-ms|abc|--election-timeout-ms is 'abc', allowed is 10 to 600000",
        "--election-timeout-ms|9|--election-timeout-ms is 9, allowed is 10 to 600000",
        "--election-timeout-ms|600001|--election-timeout-ms is 600001, allowed is 10 to 600000",
        "--heartbeat-interval-ms|501|--heartbeat-interval-ms is 501, allowed is 1 to 500, half of"
            + " --election-timeout-ms",
        "--value-bytes-max|99999999999999999999|--value-bytes-max is '99999999999999999999',"
            + " allowed is 1 to 16777216",
        "--value-bytes-max|-1|--value-bytes-max is -1, allowed is 1 to 16777216",
        "--proposal-bytes-in-flight-max|1000|--proposal-bytes-in-flight-max is 1000, allowed is"
            + " 1049621 to 1099511627776, to hold a value of --value-bytes-max",
        "--value-bytes-max|268435457|--value-bytes-max is 268435457, allowed is 1 to 16777216",
        "--store-bytes-max|1000000|--value-bytes-max is 1048576, allowed is 1 to 1000000, what"
            + " --store-bytes-max holds",
        "--http-bytes-in-flight-max|1048575|--http-bytes-in-flight-max is 1048575, allowed is"
            + " 1048576 to 1099511627776, to hold a value of --value-bytes-max",
        "--snapshot-bytes-per-second-max|16383|--snapshot-bytes-per-second-max is 16383, allowed is"
            + " 16384 to 1000000000000, or 0 for no limit",
        "--snapshots-kept|1|--snapshots-kept is 1, allowed is 2 to 100",
        "--http|127.0.0.1:7101|--http is '127.0.0.1:7101', which --members has for the peers of n1:"
            + " choose another port",
        "--http|localhost:7102|--http is 'localhost:7102', which --members has for the peers of n2:"
            + " choose another port",
        "--http|0.0.0.0:7101|--http is '0.0.0.0:7101', which --members has for the peers of n1:"
            + " choose another port",
        "--priorities|n9=2|--priorities is 'n9=2': 'n9' is none of --members, allowed is id=n,..."
            + " with priorities 0 to 100, not all 0",
        "--priorities|n1|--priorities is 'n1': 'n1' has no such priority, allowed is id=n,..."
            + " with priorities 0 to 100, not all 0",
        "--priorities|n1=101|--priorities is 'n1=101': 'n1=101' has no such priority, allowed is"
            + " id=n,... with priorities 0 to 100, not all 0",
        "--priorities|n1=1,n1=2|--priorities is 'n1=1,n1=2': 'n1' is given twice, allowed is"
            + " id=n,... with priorities 0 to 100, not all 0",
        "--priorities|n1=0,n2=0|--priorities is 'n1=0,n2=0': no member could ever lead, allowed is"
            + " id=n,... with priorities 0 to 100, not all 0",
        "--allowed-hosts|a:80|--allowed-hosts is 'a:80', allowed is name,... without ports",
        "--allowed-hosts|a,|--allowed-hosts is 'a,', allowed is name,... without ports",
        "--nonsense|1|Unknown options: '--nonsense', '1'",
      })
  void a_wrong_value_ends_with_exit_code_2_and_names_option_value_and_range(
      String option, String value, String message) {
    assertThat(run(Map.of(option, value))).isEqualTo(KvMain.USAGE);

    assertThat(text(err).lines())
        .containsExactly("raft-kv: " + message, "raft-kv: --help lists all options");
    assertThat(started).hasValue(null);
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void each_number_is_refused_beyond_both_ends_of_the_range_that_help_tells(Setting setting) {
    var range =
        java.util.regex.Pattern.compile("Default: (\\d+)\\. Allowed: (\\d+) to (\\d+)\\.")
            .matcher(setting.help());
    assertThat(range.find()).isTrue();
    assertThat(Long.parseLong(range.group(1))).isEqualTo(setting.defaultValue());

    for (long value :
        List.of(Long.parseLong(range.group(2)) - 1, Long.parseLong(range.group(3)) + 1)) {
      err.reset();
      assertThat(run(Map.of(setting.option(), Long.toString(value)))).isEqualTo(KvMain.USAGE);
      assertThat(text(err))
          .startsWith(
              "raft-kv: %s is %d, allowed is %s to %s"
                  .formatted(setting.option(), value, range.group(2), range.group(3)));
    }
  }

  @ParameterizedTest
  @CsvSource({"--id", "--members", "--http", "--data"})
  void a_missing_necessary_option_is_named(String missing) {
    List<String> arguments = new ArrayList<>();
    VALID.forEach(
        (option, value) -> {
          if (!option.equals(missing)) {
            arguments.addAll(List.of(option, value));
          }
        });

    assertThat(run(arguments)).isEqualTo(KvMain.USAGE);
    assertThat(text(err)).contains("Missing required option: '" + missing + "=");
  }

  @Test
  void help_names_every_option_with_its_default_and_range() {
    assertThat(run(List.of("--help"))).isEqualTo(KvMain.STOPPED);

    String help = text(out).replaceAll("\\s+", " ");
    for (Setting setting : Setting.values()) {
      assertThat(help).contains(setting.option() + "=<n>").contains(setting.help());
    }
    assertThat(help)
        .contains("--id=<id>", "--members=<id=host:port,...>", "--http=<host:port>")
        .contains("Default: vertx-raft. Allowed: 1 to 64 characters of A-Z a-z 0-9 . _ -")
        .contains("Exit codes: 0 stopped by SIGTERM or SIGINT, 1 could not start, 2 wrong options");
    assertThat(started).hasValue(null);
  }

  @Test
  void trouble_at_the_start_is_one_line_and_exit_code_1() {
    List<String> arguments = new ArrayList<>();
    VALID.forEach((option, value) -> arguments.addAll(List.of(option, value)));

    int code =
        KvMain.run(
            arguments.toArray(String[]::new),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            options -> "the directory is somebody else's");

    assertThat(code).isEqualTo(KvMain.FAILED);
    assertThat(text(err)).isEqualTo("raft-kv: the directory is somebody else's%n".formatted());
    assertThat(text(out)).isEmpty();
  }

  private int run(Map<String, String> changes) {
    Map<String, String> all = new TreeMap<>(VALID);
    all.putAll(changes);
    List<String> arguments = new ArrayList<>();
    all.forEach((option, value) -> arguments.addAll(List.of(option, value)));
    return run(arguments);
  }

  private int run(List<String> arguments) {
    return KvMain.run(
        arguments.toArray(String[]::new),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        options -> {
          started.set(options);
          return null;
        });
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
