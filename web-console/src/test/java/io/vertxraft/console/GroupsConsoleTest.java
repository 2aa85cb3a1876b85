package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertxraft.NodeState;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("R-46: a console of many groups")
@Timeout(60)
class GroupsConsoleTest {
  private final Map<String, ScriptedNode> nodes = new ConcurrentHashMap<>();
  private GroupsServer server;

  @AfterEach
  void close() {
    server.close();
  }

  private void serve(int groups, RaftConsoleOptions options) {
    for (int i = 0; i < groups; i++) {
      add("g%04d".formatted(i));
    }
    server = new GroupsServer(() -> List.<RaftNode>copyOf(nodes.values()), options);
  }

  private static RaftConsoleOptions fast() {
    return new RaftConsoleOptions().setSampleIntervalMs(20).setLeaseMs(50);
  }

  private ScriptedNode add(String groupId) {
    ScriptedNode node = new ScriptedNode("n1");
    says(node, groupId, Reports.leader("n1", 7));
    node.says(Reports.follower("n2", "n1", 7).setGroupId(groupId));
    node.says(Reports.follower("n3", "n1", 7).setGroupId(groupId));
    nodes.put(groupId, node);
    return node;
  }

  private static void says(ScriptedNode node, String groupId, RaftStatus status) {
    node.says(status.setGroupId(groupId));
  }

  @Test
  void aThousandGroupsAreListedTheWorstFirstAndByPages() {
    serve(1_000, fast());
    says(nodes.get("g0500"), "g0500", Reports.lost("n1", RaftRole.CANDIDATE, 9));
    says(nodes.get("g0700"), "g0700", Reports.leader("n1", 7).setDamage("entries 1 to 5 are gone"));
    JsonObject list = server.get("/raft/api/v1/groups").json();
    assertThat(list.getInteger("total")).isEqualTo(1_000);
    assertThat(list.getInteger("matching")).isEqualTo(1_000);
    assertThat(list.getJsonObject("counts"))
        .isEqualTo(new JsonObject().put("HEALTHY", 998).put("DEGRADED", 1).put("NO_LEADER", 1));
    assertThat(list.getJsonArray("groups")).hasSize(50);
    assertThat(ids(list)).startsWith("g0500", "g0700", "g0000", "g0001");
    JsonObject worst = list.getJsonArray("groups").getJsonObject(0);
    assertThat(worst.getString("headline")).isEqualTo("n1 knows no leader");
    assertThat(worst.getString("href")).isEqualTo("groups/g0500/");

    assertThat(ids(server.get("/raft/api/v1/groups?sort=name&offset=500&limit=2").json()))
        .containsExactly("g0500", "g0501");
    JsonObject found = server.get("/raft/api/v1/groups?search=DAMAGE").json();
    assertThat(found.getInteger("matching")).isZero();
    assertThat(ids(server.get("/raft/api/v1/groups?search=G07&limit=1").json()))
        .containsExactly("g0700");
    assertThat(ids(server.get("/raft/api/v1/groups?search=LOST").json())).containsExactly("g0700");
  }

  @Test
  void theListAsksNobodyButThisProcessAndASecondLookWithinASecondNobody() {
    serve(3, fast());
    server.get("/raft/api/v1/groups");
    server.get("/raft/api/v1/groups");
    assertThat(nodes.values()).allSatisfy(node -> assertThat(node.questions).hasValueLessThan(3));
    assertThat(server.openCount()).isZero();
  }

  @Test
  void eachGroupHasAPageOfItsOwnBeneathItsName() {
    serve(3, fast());
    assertThat(server.get("/raft/api/v1/capabilities").json().getString("kind"))
        .isEqualTo("groups");
    ConsoleServer.Answer page = server.get("/raft/groups/g0001/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'self'");
    assertThat(server.get("/raft/groups/g0001").header("Location")).isEqualTo("./g0001/");
    JsonObject state = server.get("/raft/groups/g0001/api/v1/state").json();
    assertThat(state.getJsonObject("status").getString("groupId")).isEqualTo("g0001");
    assertThat(state.getString("health")).isEqualTo("HEALTHY");
    JsonObject capabilities = server.get("/raft/groups/g0001/api/v1/capabilities").json();
    assertThat(capabilities.getString("kind")).isEqualTo("group");
    assertThat(capabilities.getString("groupId")).isEqualTo("g0001");
    assertThat(capabilities.getJsonObject("groups").getString("href")).isEqualTo("../../");
    assertThat(
            server.get("/raft/groups/g0001/assets/" + Assets.get().hash() + "/console.js").status())
        .isEqualTo(200);
    assertThat(server.get("/raft/").status()).isEqualTo(200);
    assertThat(nodes.get("g0002").sink.hasHandler()).as("nobody looks at it").isFalse();
    assertThat(server.openCount()).isEqualTo(1);
  }

  @Test
  void whatIsNotThereIsSaidToBeMissing() {
    serve(1, fast());
    ConsoleServer.Answer unknown = server.get("/raft/groups/nope/api/v1/state");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().getString("error"))
        .isEqualTo("there is no group 'nope' in this process");
    assertThat(server.get("/raft/groups/g0000/api/v1/nothing").status()).isEqualTo(404);
    assertThat(server.get("/raft/api/v1/state").status()).isEqualTo(404);
  }

  @Test
  void aGroupThatIsReplacedIsShownAsItIsNow() {
    serve(1, fast());
    assertThat(server.get("/raft/groups/g0000/api/v1/health").status()).isEqualTo(200);
    ScriptedNode next = add("g0000");
    says(next, "g0000", Reports.lost("n1", RaftRole.FOLLOWER, 9));
    next.isSilent("n2", "gone").isSilent("n3", "gone");
    ConsoleServer.until(() -> server.get("/raft/groups/g0000/api/v1/health").status() == 503);
    nodes.clear();
    ConsoleServer.until(() -> server.get("/raft/groups/g0000/api/v1/health").status() == 404);
    ConsoleServer.until(() -> !next.sink.hasHandler());
  }

  @Test
  void onlySoManyGroupsAreKeptOpen() {
    serve(5, fast().setGroupsOpenMax(2));
    for (int i = 0; i < 5; i++) {
      server.get("/raft/groups/g000%d/api/v1/state".formatted(i));
    }
    assertThat(server.openCount()).isEqualTo(2);
    ConsoleServer.until(() -> !nodes.get("g0000").sink.hasHandler());
    assertThat(nodes.get("g0004").sink.hasHandler()).isTrue();
  }

  @Test
  void aRegistryThatFailsIsNamed() {
    server =
        new GroupsServer(
            () -> {
              throw new IllegalStateException("the registry is closed");
            },
            fast());
    ConsoleServer.Answer answer = server.get("/raft/api/v1/groups");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.json().getString("error"))
        .isEqualTo("the groups cannot be listed: the registry is closed");
  }

  @Test
  void aNodeThatNeverAnswersDoesNotHoldUpTheOthers() {
    serve(2, fast());
    nodes.get("g0000").answers("n1", () -> Promise.<RaftStatus>promise().future());
    assertThat(ids(server.get("/raft/api/v1/groups").json())).containsExactly("g0001");
  }

  @Test
  void aNodeThatCannotTellIsLeftOut() {
    serve(2, fast());
    nodes.get("g0000").answers("n1", () -> Future.failedFuture("node n1 is closed"));
    assertThat(ids(server.get("/raft/api/v1/groups").json())).containsExactly("g0001");
  }

  @ParameterizedTest
  @CsvSource({
    "sort=age, sort, sort is 'age': it must be trouble or name",
    "limit=0, limit, limit=0 is out of range: it must be 1 to 200",
    "limit=x, limit, limit='x' is not a number",
    "offset=-1, offset, offset=-1 is out of range: it must be 0 to 2147483647"
  })
  void aWrongParameterIsNamed(String query, String parameter, String error) {
    serve(1, fast());
    ConsoleServer.Answer answer = server.get("/raft/api/v1/groups?" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().getString("parameter")).isEqualTo(parameter);
    assertThat(answer.json().getString("error")).isEqualTo(error);
  }

  @Test
  void closingItClosesEachGroup() {
    serve(2, fast());
    server.get("/raft/groups/g0000/api/v1/state");
    Waits.await(server.console.close());
    assertThat(server.get("/raft/api/v1/groups").status()).isEqualTo(503);
    assertThat(nodes.get("g0000").sink.hasHandler()).isFalse();
  }

  static Stream<Arguments> glances() {
    return Stream.of(
        glance(ClusterHealth.HEALTHY, "n2 leads term 7", Reports.follower("n1", "n2", 7)),
        glance(ClusterHealth.HEALTHY, "n1 leads term 7", Reports.leader("n1", 7)),
        glance(
            ClusterHealth.NO_LEADER,
            "n1 is failed: no room",
            Reports.leader("n1", 7).setState(NodeState.FAILED).setFailure("no room")),
        glance(
            ClusterHealth.DEGRADED,
            "n1 is stopped",
            Reports.leader("n1", 7).setState(NodeState.STOPPED)),
        glance(
            ClusterHealth.NO_LEADER,
            "n1 knows no leader",
            Reports.lost("n1", RaftRole.FOLLOWER, 7)),
        glance(
            ClusterHealth.DEGRADED, "n3 has not answered leader n1 for 9.0 s", hearing(30, 9_000)),
        glance(ClusterHealth.DEGRADED, "n3 has not answered leader n1", hearing(30, -1)),
        glance(
            ClusterHealth.NO_LEADER,
            "n1 leads, but hears only 1 of 3 members",
            hearing(9_000, 9_000)),
        glance(ClusterHealth.HEALTHY, "n1 leads term 7", hearing(-1, -1).setRoleSinceMs(100)),
        glance(
            ClusterHealth.DEGRADED,
            "the disk of n1 has not finished a write for 2.0 s",
            Reports.leader("n1", 7).setOldestWriteAgeMs(2_000)),
        glance(
            ClusterHealth.DEGRADED,
            "the disk of n1 is short of room: 1 MiB left",
            Reports.leader("n1", 7).setStorageShortage("1 MiB left")),
        glance(
            ClusterHealth.DEGRADED,
            "n1 is recovering",
            Reports.follower("n1", "n2", 7).setRecovering(true)));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("glances")
  void oneReportTellsHowAGroupSeemsToBe(ClusterHealth health, String headline, RaftStatus status) {
    server = new GroupsServer(List::of, fast());
    GroupGlance glance = GroupGlance.of(status, 3_000);
    assertThat(glance.headline()).isEqualTo(headline);
    assertThat(glance.health()).isEqualTo(health);
  }

  private static Arguments glance(ClusterHealth health, String headline, RaftStatus status) {
    return Arguments.of(health, headline, status);
  }

  private static RaftStatus hearing(long n2AgeMs, long n3AgeMs) {
    RaftStatus leader = Reports.leader("n1", 7);
    leader.getFollowers().get(0).setLastContactAgeMs(n2AgeMs);
    leader.getFollowers().get(1).setLastContactAgeMs(n3AgeMs);
    return leader;
  }

  private static Collection<String> ids(JsonObject list) {
    return list.getJsonArray("groups").stream()
        .map(group -> ((JsonObject) group).getString("groupId"))
        .toList();
  }
}
