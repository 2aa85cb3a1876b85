package io.vertxraft.testkit.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.socket.SocketTransport;
import io.vertxraft.testkit.node.GroupOfThree.TestMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R-33: a group whose members speak over plain sockets")
class SocketGroupTest {
  private static final int COMMANDS = 200;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    GroupOfThree.get(vertx.close());
  }

  @Test
  void itAppliesCommandsOfAllMembersInOneOrderAndOutlivesItsLeader() throws Exception {
    GroupOfThree group = new GroupOfThree(vertx, SocketTransport::create);
    TestMember leader = knownLeader(group);
    applyByAll(group.members);
    assertSame(group, group.members);

    GroupOfThree.get(leader.node().close());
    GroupOfThree.get(leader.transport().close());
    group.members.remove(leader);
    assertThat(knownLeader(group)).isNotEqualTo(leader);
    applyByAll(group.members);
    assertSame(group, group.members);
  }

  /** A leader that all members know of. */
  private static TestMember knownLeader(GroupOfThree group) throws Exception {
    TestMember leader = group.leader();
    Set<String> knowing = ConcurrentHashMap.newKeySet();
    group.until(
        () -> {
          for (TestMember member : group.members) {
            member
                .node()
                .status()
                .map(status -> leader.address().getNodeId().equals(status.getLeaderId()))
                .onSuccess(
                    known ->
                        knowing.addAll(known ? List.of(member.address().getNodeId()) : List.of()));
          }
          return knowing.size() == group.members.size();
        });
    return leader;
  }

  /** Each member passes commands on, or appends them itself if it leads. */
  private static void applyByAll(List<TestMember> members) throws Exception {
    List<Future<Buffer>> replies = new ArrayList<>();
    for (TestMember member : members) {
      IntStream.range(0, COMMANDS)
          .mapToObj(i -> Buffer.buffer(member.address().getNodeId() + "-" + i))
          .forEach(command -> replies.add(member.node().apply(command)));
    }
    GroupOfThree.get(Future.all(replies));
  }

  private static void assertSame(GroupOfThree group, List<TestMember> members) throws Exception {
    int most = members.stream().mapToInt(member -> member.applied().size()).max().orElseThrow();
    assertThat(most).isGreaterThanOrEqualTo(COMMANDS * members.size());
    group.until(() -> members.stream().allMatch(member -> member.applied().size() == most));
    assertThat(members.stream().map(TestMember::applied).distinct()).hasSize(1);
  }
}
