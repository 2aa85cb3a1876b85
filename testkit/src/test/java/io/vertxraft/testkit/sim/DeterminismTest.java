package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.Transport.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeterminismTest {
  private static final long MS = 1_000_000;
  private static final List<String> IDS = List.of("n1", "n2", "n3");

  /** A node that chatters, writes and has random timers. */
  private static final class Chatter {
    private final SimMachine.Life life;
    private final EntryCodec codec = new EntryCodec("g");
    private Endpoint endpoint;
    private GroupStorage storage;
    private long lastIndex;

    Chatter(SimMachine machine) {
      this.life = machine.boot();
      GroupIdentity identity = new GroupIdentity("c", "g", machine.nodeId());
      List<PeerAddress> members =
          IDS.stream().map(id -> new PeerAddress(id, "h", id.charAt(1))).toList();
      life.storage()
          .open(identity, life.scheduler())
          .onSuccess(
              opened -> {
                storage = opened;
                lastIndex = opened.recovered().lastIndex();
                life.transport()
                    .join(
                        identity,
                        members,
                        life.scheduler(),
                        (from, message) -> {
                          if (message instanceof Heartbeat beat) {
                            endpoint.send(from, new HeartbeatReply(beat.term(), lastIndex, 0, 0));
                          }
                        })
                    .onSuccess(
                        joined -> {
                          endpoint = joined;
                          turn();
                        });
              });
    }

    private void turn() {
      IDS.forEach(
          id -> endpoint.send(id, new Heartbeat(1, lastIndex, 1, life.scheduler().nanoTime(), 0)));
      lastIndex++;
      storage.write(
          new StorageWrite(
              null, 0, List.of(codec.encode(lastIndex, 1, EntryType.COMMAND, new byte[8]))));
      life.scheduler().schedule(life.scheduler().random(20 * MS), this::turn);
    }
  }

  private static SimWorld run(long seed) {
    SimWorld world = new SimWorld(seed, IDS);
    world.network().eachLink(link -> link.dropProbability(0.05).duplicateProbability(0.05));
    world.machines().forEach(Chatter::new);
    SimRandom faults = world.loop().random("faults");
    for (int i = 0; i < 50; i++) {
      world.loop().runFor(faults.below(100 * MS));
      SimMachine victim = world.machine(IDS.get((int) faults.below(3)));
      victim.crash();
      new Chatter(victim);
    }
    return world;
  }

  @Test
  void theSameSeedGivesTheSameRunAndAnotherSeedAnother() {
    SimWorld first = run(42);
    SimWorld second = run(42);
    assertThat(first.loop().executedEvents()).isGreaterThan(2_000);
    assertThat(second.loop().traceHash()).isEqualTo(first.loop().traceHash());
    assertThat(second.loop().trace().lastLines(400)).isEqualTo(first.loop().trace().lastLines(400));
    assertThat(run(43).loop().traceHash()).isNotEqualTo(first.loop().traceHash());
  }

  @Test
  void theHashIsTheSameOnEveryJvm() {
    assertThat(run(42).loop().traceHash()).isEqualTo("1f39bfd230af6ad1d64bc26179d2d073");
  }

  @Test
  void theHashCoversNumbersAndLeavesWordsOut() {
    SimLoop one = new SimLoop(1);
    SimLoop two = new SimLoop(1);
    one.record(TraceKind.OTHER, 0, 1, 2, "the same");
    two.record(TraceKind.OTHER, 0, 1, 2, "words do not count");
    assertThat(two.traceHash()).isEqualTo(one.traceHash());
    two.record(TraceKind.OTHER, 0, 1, 3, null);
    one.record(TraceKind.OTHER, 0, 1, 2, null);
    assertThat(two.traceHash()).isNotEqualTo(one.traceHash());
  }
}
