package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.LogChain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;

/** The data of all groups on a disk. */
final class DiskVolumes {
  private final Map<String, DiskVolume> volumes = new LinkedHashMap<>();
  private LongBinaryOperator chains = LogChain::unknownChain;

  /** Sets where the chains of logs come from that snapshots stand for; before any group is used. */
  void chains(LongBinaryOperator newChains) {
    chains = newChains;
  }

  /** A group's data; empty for one that is new. */
  DiskVolume of(String groupId) {
    return volumes.computeIfAbsent(groupId, id -> new DiskVolume(chains));
  }

  void forEach(Consumer<DiskVolume> action) {
    volumes.values().forEach(action);
  }

  /** A group that has durable entries, or null if none has. */
  String drawOneWithEntries(SimRandom draw) {
    List<String> candidates = new ArrayList<>();
    volumes.forEach(
        (groupId, volume) -> {
          LogChain log = volume.durable.log();
          if (log.lastIndex() >= log.firstIndex()) {
            candidates.add(groupId);
          }
        });
    return candidates.isEmpty() ? null : candidates.get((int) draw.below(candidates.size()));
  }
}
