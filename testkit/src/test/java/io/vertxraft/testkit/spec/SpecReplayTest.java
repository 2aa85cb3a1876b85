package io.vertxraft.testkit.spec;

import static io.vertxraft.testkit.spec.TraceScript.accepted;
import static io.vertxraft.testkit.spec.TraceScript.heartbeat;
import static io.vertxraft.testkit.spec.TraceScript.heartbeatReply;
import static io.vertxraft.testkit.spec.TraceScript.now;
import static io.vertxraft.testkit.spec.TraceScript.preVoteReply;
import static io.vertxraft.testkit.spec.TraceScript.preVoteRequest;
import static io.vertxraft.testkit.spec.TraceScript.refused;
import static io.vertxraft.testkit.spec.TraceScript.voteReply;
import static io.vertxraft.testkit.spec.TraceScript.voteRequest;
import static io.vertxraft.testkit.spec.TraceScript.whenDurable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories the protocol allows. */
class SpecReplayTest {
  private final TraceScript group = TraceScript.group("n1", "n2", "n3");

  @Test
  void anElection() {
    SpecReport report = group.elects("n1", "n2").isLegal();

    assertThat(report.count(SpecAction.TIMEOUT)).isEqualTo(1);
    assertThat(report.count(SpecAction.UPDATE_TERM)).isEqualTo(1);
    assertThat(report.count(SpecAction.BECOME_LEADER)).isEqualTo(1);
    assertThat(report.count(SpecAction.RESTART)).isEqualTo(3);
  }

  @Test
  void replicationAndCommit() {
    group.elects("n1", "n2").propose("n1", "a", "b");
    JsonObject entries = group.sends("n1", "n2", 0);
    group
        .persisted("n1")
        .receive("n2", "n1", entries, m -> m.leader("n1").take(entries))
        .turn("n2", whenDurable("n1", accepted(1, 3)))
        .persisted("n2")
        .receive("n1", "n2", accepted(1, 3), m -> m.commit(3))
        .applied("n1", 3)
        .turn("n1", now("n2", heartbeat(1, 3, 1, 500)))
        .receive("n2", "n1", heartbeat(1, 3, 1, 500), m -> m.commit(3))
        .turn("n2", now("n1", heartbeatReply(1, 500)))
        .receive("n1", "n2", heartbeatReply(1, 500))
        .receive("n2", "n1", entries)
        .applied("n2", 2)
        .applied("n2", 3);

    SpecReport report = group.isLegal();
    assertThat(report.count(SpecAction.ADVANCE_COMMIT_INDEX)).isEqualTo(2);
    assertThat(report.count(SpecAction.CLIENT_REQUEST)).isEqualTo(1);
    assertThat(report.count(SpecAction.APPLY)).isEqualTo(3);
  }

  @Test
  void theRepairOfAConflict() {
    group.elects("n1", "n2").propose("n1", "lost", "lost too").turn("n1").persisted("n1");
    group.campaigns("n3").elects("n3", "n2").propose("n3", "kept").turn("n3").persisted("n3");
    JsonObject tooFar = TraceScript.entries(2, 2, 2, 0);
    group
        .turn("n3", now("n1", tooFar))
        .receive("n1", "n3", tooFar, m -> m.follow(2).leader("n3"))
        .turn("n1", now("n3", refused(2, 2)))
        .persisted("n1")
        .receive("n3", "n1", refused(2, 2))
        .replicates("n3", "n1", 0)
        .step("n3", "loaded", m -> m.commit(2));

    group.isLegal();
    assertThat(group.member("n1").lastIndex()).isEqualTo(2);
  }

  @Test
  void aRestartThatBringsBackWhatWasPromised() {
    group.elects("n1", "n2").replicates("n1", "n2", 0);
    group.stop("n2").start("n2").stop("n1").start("n1").elects("n2", "n1");

    assertThat(group.isLegal().count(SpecAction.RESTART)).isEqualTo(5);
  }

  @Test
  void aRestartThatLosesWhatNobodySaw() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1).vote("n1"))
        .turn("n2", whenDurable("n1", voteReply(1, true)))
        .stop("n2")
        .start("n2", m -> m.term(0).vote(null))
        .campaigns("n3")
        .votes("n2", "n3")
        .leads("n3", "n2");

    group.isLegal();
  }

  @Test
  void aPreVote() {
    group
        .tick("n1", m -> m.preCampaign())
        .turn("n1", now("n2", preVoteRequest(1, 0, 0)), now("n3", preVoteRequest(1, 0, 0)))
        .receive("n2", "n1", preVoteRequest(1, 0, 0))
        .turn("n2", now("n1", preVoteReply(0, 1, true)))
        .receive("n3", "n1", preVoteRequest(1, 0, 0))
        .turn("n3", now("n1", preVoteReply(0, 1, false)))
        .receive("n1", "n3", preVoteReply(0, 1, false))
        .receive("n1", "n2", preVoteReply(0, 1, true), m -> m.campaign())
        .turn("n1", whenDurable("n2", voteRequest(1, 0, 0)))
        .persisted("n1")
        .votes("n2", "n1")
        .leads("n1", "n2");

    group.isLegal();
  }

  @Test
  void aLeaderStandsDownAndTermsMoveOn() {
    group
        .elects("n1", "n2")
        .replicates("n1", "n2", 0)
        .tick("n1", m -> m.role("FOLLOWER").leader(null))
        .elects("n2", "n1")
        .replicates("n2", "n3", 0)
        .step("n2", "tick", m -> m.commit(2));

    group.isLegal();
  }

  @Test
  void aGroupOfOne() {
    TraceScript alone = TraceScript.group("n1");
    alone
        .tick("n1", m -> m.campaign().lead())
        .turn("n1")
        .persisted("n1", m -> m.durable(1).commit(1))
        .isLegal();
  }

  @Test
  void aGroupOfOneThatForgetsWhatItsDiskHadNot() {
    TraceScript alone = TraceScript.group("n1");
    alone.tick("n1", m -> m.campaign().lead()).propose("n1", "a").turn("n1").stop("n1");
    alone
        .start("n1", m -> m.term(0).vote(null).truncate(1))
        .tick("n1", m -> m.campaign().lead())
        .propose("n1", "b")
        .isLegal();
  }

  @Test
  void messagesOfOneTurnComeFromDifferentMoments() {
    group
        .tick("n1", m -> m.campaign())
        .receive("n1", "n2", sentByN2(), m -> m.follow(2).vote("n2"))
        .turn("n1", whenDurable("n2", voteRequest(1, 0, 0)), whenDurable("n2", voteReply(2, true)));

    group.isLegal();
  }

  private JsonObject sentByN2() {
    group.tick("n2", m -> m.campaign()).turn("n2").tick("n2", m -> m.campaign());
    group.turn("n2", whenDurable("n1", voteRequest(2, 0, 0))).persisted("n2");
    return voteRequest(2, 0, 0);
  }

  @Test
  void confirmationsMayNameTheWrite() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1).vote("n1"))
        .turn("n2", whenDurable("n1", voteReply(1, true)))
        .persistedUpTo("n2", 1, m -> m)
        .receive("n1", "n2", voteReply(1, true), m -> m.lead());

    group.isLegal();
  }

  @Test
  void unknownFieldsAndEmptyLinesAreIgnored() {
    String text = group.elects("n1", "n2").text().replace("{\"t\":", "\n{\"color\":[{}],\"t\":");

    SpecReport report = SpecReplay.check(new StringReader(text));

    assertThat(report.events()).isEqualTo(group.isLegal().events());
  }

  @Test
  void malformedLinesAreNamed() {
    assertMalformed("{\"node\":", "line 4");
    assertMalformed("{\"node\":\"n1\"}", "line 4", "\"event\" is missing");
    assertMalformed("{\"node\":\"n1\",\"event\":\"dance\"}", "\"dance\"");
    assertMalformed("{\"node\":\"n1\",\"event\":\"tick\"}", "\"state\" is missing");
    assertMalformed(
        "{\"node\":\"n1\",\"event\":\"tick\",\"state\":{\"term\":1,\"role\":\"KING\"}}",
        "\"role\" is \"KING\", not one of [FOLLOWER, PRE_CANDIDATE, CANDIDATE, LEADER]");
    assertMalformed(
        "{\"node\":\"n1\",\"event\":\"tick\",\"state\":{\"term\":\"one\"}}",
        "\"term\" is missing or not a whole number");
    assertMalformed(
        "{\"node\":\"n1\",\"event\":\"turn\",\"write\":{\"seq\":1,\"entries\":[[1,1]]}}",
        "\"entries\" holds [1,1] where [index, term, \"hash\"] is expected");
    assertMalformed(
        "{\"node\":\"n1\",\"event\":\"turn\",\"sent\":[{\"to\":\"n2\",\"when\":\"later\"}]}",
        "\"when\" is neither now nor durable");
    assertMalformed(
        "{\"node\":\"n1\",\"event\":\"receive\",\"from\":\"n2\","
            + "\"message\":{\"type\":\"Gossip\",\"term\":1}}",
        "message type \"Gossip\" is unknown");
  }

  private void assertMalformed(String line, String... complaints) {
    assertThatThrownBy(() -> SpecReplay.check(new StringReader(group.text() + "\n" + line)))
        .isInstanceOf(MalformedTraceException.class)
        .hasMessageContainingAll(complaints);
  }

  @Test
  void theCommandPrintsTheVerdict(@TempDir Path directory) throws IOException {
    Path legal = Files.writeString(directory.resolve("legal"), group.elects("n1", "n2").text());
    group.propose("n2", "not the leader");
    Path illegal = Files.writeString(directory.resolve("illegal"), group.text());

    assertThat(run(legal)).startsWith("0: 12 events, ").endsWith("transitions checked, ok");
    assertThat(run(illegal))
        .startsWith("1: line 13, n2, ClientRequest: ")
        .contains("LOG_EXPLAINED");
    assertThat(run(directory.resolve("none"))).startsWith("1: cannot read the trace ");
    assertThat(run()).startsWith("1: usage: ");
  }

  private static String run(Path... traces) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    String[] arguments = java.util.Arrays.stream(traces).map(Path::toString).toArray(String[]::new);
    int code = SpecReplayMain.run(arguments, out, out);
    return code + ": " + bytes.toString(StandardCharsets.UTF_8).strip();
  }
}
