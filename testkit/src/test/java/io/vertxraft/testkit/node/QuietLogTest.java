package io.vertxraft.testkit.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.testkit.node.GroupOfThree.TestMember;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a group writes to the log while all is well: nothing above DEBUG, and there its events. */
class QuietLogTest {
  private final Logger ours = Logger.getLogger("io.vertxraft");
  private final Logger events = Logger.getLogger("io.vertxraft.events");
  private final List<String> loud = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();

  /** Keeps what is logged at a level or above. */
  private static final class Keeper extends Handler {
    private final List<String> kept;

    Keeper(Level level, List<String> kept) {
      this.kept = kept;
      setLevel(level);
      setFormatter(new SimpleFormatter());
    }

    @Override
    public void publish(LogRecord entry) {
      if (isLoggable(entry)) {
        kept.add(getFormatter().formatMessage(entry));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final Handler listensForLoud = new Keeper(Level.INFO, loud);
  private final Handler listensForEvents = new Keeper(Level.FINE, told);

  @BeforeEach
  void listen() {
    ours.addHandler(listensForLoud);
    events.addHandler(listensForEvents);
    events.setLevel(Level.FINE);
  }

  @AfterEach
  void leave() {
    ours.removeHandler(listensForLoud);
    events.removeHandler(listensForEvents);
    events.setLevel(null);
  }

  @Test
  void a_group_that_starts_works_changes_its_leader_and_stops_says_nothing_above_debug()
      throws Exception {
    Vertx vertx = Vertx.vertx();
    GroupOfThree group = new GroupOfThree(vertx);
    TestMember leader = group.leader();
    for (int i = 0; i < 100; i++) {
      GroupOfThree.get(leader.node().apply(Buffer.buffer("x")));
    }
    GroupOfThree.get(leader.node().transferLeadership());
    TestMember next = group.leader();
    for (TestMember member : group.members) {
      GroupOfThree.get(member.node().close());
    }
    for (TestMember member : group.members) {
      GroupOfThree.get(member.transport().close());
    }
    GroupOfThree.get(vertx.close());

    assertThat(loud).isEmpty();
    String led = "group 'g' on node '%s', term ".formatted(next.node().nodeId());
    assertThat(told)
        .anyMatch(line -> line.startsWith(led) && line.contains("LEADER: LEADER_READY"))
        .anyMatch(line -> line.contains("FOLLOWER: LEADER_CHANGED, leader "))
        .anyMatch(line -> line.contains("because: "));
  }
}
