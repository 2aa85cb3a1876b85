package io.vertxraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RaftOptionsTest {
  private static RaftOptions valid() {
    return new RaftOptions()
        .setNodeId("n1")
        .addMember(new Member("n1", "127.0.0.1", 7101))
        .addMember(new Member("n2", "127.0.0.1", 7102));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("nodeId 'null'", o -> o.setNodeId(null)),
        mistake("nodeId 'a b'", o -> o.setNodeId("a b")),
        mistake("nodeId 'n9' is not among the members [n1, n2]", o -> o.setNodeId("n9")),
        mistake("clusterId ''", o -> o.setClusterId("")),
        mistake("groupId 'x/y'", o -> o.setGroupId("x/y")),
        mistake("members is empty", o -> o.setMembers(java.util.List.of())),
        mistake("lists the id 'n2' twice", o -> o.addMember(new Member("n2", "h", 1))),
        mistake(
            "lists the address 127.0.0.1:7101 twice",
            o -> o.addMember(new Member("n3", "127.0.0.1", 7101))),
        mistake("electionTimeoutMs is 9, allowed is 10 to 600000", o -> o.setElectionTimeoutMs(9)),
        mistake(
            "heartbeatIntervalMs is 501, allowed is 1 to 500", o -> o.setHeartbeatIntervalMs(501)),
        mistake("commandBytesMax is 0", o -> o.setCommandBytesMax(0)),
        mistake("proposalsInFlightMax is 0", o -> o.setProposalsInFlightMax(0)),
        mistake("proposalBytesInFlightMax is 1", o -> o.setProposalBytesInFlightMax(1)),
        mistake("appendEntriesMax is 0", o -> o.setAppendEntriesMax(0)),
        mistake("appendBytesMax is 0", o -> o.setAppendBytesMax(0)),
        mistake("replicationMessagesInFlightMax is 0", o -> o.setReplicationMessagesInFlightMax(0)),
        mistake("replicationBytesInFlightMax is 0", o -> o.setReplicationBytesInFlightMax(0)),
        mistake("logCacheBytesMax is -1", o -> o.setLogCacheBytesMax(-1)),
        mistake("applyEntriesMax is 0", o -> o.setApplyEntriesMax(0)),
        mistake("applyBytesMax is 0", o -> o.setApplyBytesMax(0)),
        mistake("applyTimeoutMs is 0", o -> o.setApplyTimeoutMs(0)),
        mistake("stateMachineThreading is missing", o -> o.setStateMachineThreading(null)));
  }

  private static Arguments mistake(String message, Consumer<RaftOptions> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void eachMistakeIsNamedWithItsValue(String message, Consumer<RaftOptions> change) {
    RaftOptions options = valid();
    change.accept(options);

    assertThatThrownBy(options::validate)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void optionsSurviveTheWayThroughJson() {
    RaftOptions options =
        valid()
            .setClusterId("c")
            .setGroupId("g")
            .setElectionTimeoutMs(300)
            .setHeartbeatIntervalMs(30)
            .setForwardToLeader(false)
            .setStateMachineThreading(io.vertx.core.ThreadingModel.WORKER)
            .validate();

    RaftOptions copy = new RaftOptions(options.toJson());

    assertThat(copy.toJson()).isEqualTo(options.toJson());
    assertThat(copy.getMembers()).isEqualTo(options.getMembers());
    assertThat(copy.getStateMachineThreading()).isEqualTo(io.vertx.core.ThreadingModel.WORKER);
    assertThat(copy.isForwardToLeader()).isFalse();
  }

  @Test
  void membersAreParsedFromTheirCommandLineForm() {
    assertThat(Member.parse("n1=127.0.0.1:7101")).isEqualTo(new Member("n1", "127.0.0.1", 7101));
    assertThat(Member.parse("n1=[::1]:7101").getHost()).isEqualTo("::1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n1",
        "n1=host",
        "n1=host:",
        "=host:1",
        "n1=:1",
        "n1=h:x",
        "n1=h:0",
        "n1=h:70000",
        "n 1=h:1"
      })
  void aMalformedMemberIsNamed(String text) {
    assertThatThrownBy(() -> Member.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
