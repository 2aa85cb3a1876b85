package io.vertxraft.examples.benchmark.micro;

import io.vertxraft.consensus.CoreSettings;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.Recovery;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.RaftMessage;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** Three real cores whose disks and network take no time. */
final class CoreGroup {
  private static final long SECOND = 1_000_000_000L;
  private static final long CACHE_BYTES = 32L * 1024 * 1024;

  private final Map<String, RaftCore> cores = new LinkedHashMap<>();
  private final Queue<Delivery> network = new ArrayDeque<>();
  private final RaftCore leader;
  private long now;

  private record Delivery(String from, String to, RaftMessage message) {}

  CoreGroup() {
    for (String name : List.of("n1", "n2", "n3")) {
      LogView log = new LogView(1, 0, 0, new long[0], new long[0], CACHE_BYTES);
      cores.put(
          name,
          new RaftCore(settings(name), Recovery.of(new HardState(0, null), log), bound -> 0, now));
    }
    leader = cores.get("n1");
    now = leader.deadline();
    leader.tick(now);
    turn(leader);
    deliverAll();
    if (!leader.isLeader() || !leader.isReady()) {
      throw new IllegalStateException("n1 does not lead: it is " + leader.roleKind());
    }
  }

  private static CoreSettings settings(String name) {
    return new CoreSettings(
        "bench",
        name,
        Configuration.of(Set.of("n1", "n2", "n3")),
        Map.of(),
        SECOND,
        SECOND / 10,
        10,
        10 * SECOND,
        10 * SECOND,
        1_024,
        256 * 1024,
        64,
        8L * 1024 * 1024,
        Probe.NONE);
  }

  /** Takes commands and returns when all three know that they are committed or will soon. */
  long commit(List<byte[]> commands) {
    leader.propose(commands);
    turn(leader);
    deliverAll();
    return leader.commitIndex();
  }

  private void deliverAll() {
    for (Delivery next = network.poll(); next != null; next = network.poll()) {
      RaftCore receiver = cores.get(next.to());
      receiver.receive(next.from(), next.message(), now);
      turn(receiver);
    }
  }

  private void turn(RaftCore core) {
    boolean again = true;
    while (again) {
      Effects effects = core.endTurn(now);
      effects.sends().forEach(message -> send(core, message));
      Effects.Persist persist = effects.persist();
      again = persist != null && !persist.nothingToWrite();
      if (persist != null) {
        if (again) {
          core.persisted(persist.seq(), now);
        }
        persist.messages().forEach(message -> send(core, message));
      }
      if (effects.commitIndex() > core.appliedIndex()) {
        core.applied(effects.commitIndex());
      }
    }
  }

  private void send(RaftCore from, Effects.Outbound outbound) {
    if (outbound.message() instanceof RaftMessage message) {
      network.add(new Delivery(from.nodeId(), outbound.to(), message));
    }
  }
}
