package io.vertxraft.testkit.oracle;

import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.snapshot.SnapshotDirectory;
import io.vertxraft.testkit.snapshot.SnapshotShelf;
import java.util.HashMap;
import java.util.Map;

/**
 * at every instant a power cut would leave, on every disk, a log that starts at 1, or a good
 * snapshot and a log that goes on from it. When entries are cut off, even two such snapshots are
 * there. Damage that was done to snapshots excuses a disk until another one has come to it: from
 * then on nothing of what was damaged is needed any more. A member cannot know of damage that it
 * has not met, so when entries are cut off a damaged snapshot counts for the second one.
 */
public final class RebuildableDisk implements DiskOracle {
  private final OracleContext context;
  private final Map<String, Seen> seen = new HashMap<>();

  /** The rule for a run. */
  public RebuildableDisk(OracleContext context) {
    this.context = context;
  }

  private static final class Seen {
    long version;
    long firstIndex = 1;
    long truncations;
  }

  @Override
  public String id() {
    return "R-23";
  }

  @Override
  public void afterDiskStep(NodeProbe node) {
    SnapshotShelf shelf = node.snapshots();
    LogChain log = node.disk().log();
    Seen before = seen.computeIfAbsent(node.nodeId(), id -> new Seen());
    if (before.version == shelf.version() && before.firstIndex == log.firstIndex()) {
      return;
    }
    boolean cut = log.firstIndex() > before.firstIndex && log.truncations() == before.truncations;
    before.version = shelf.version();
    before.firstIndex = log.firstIndex();
    before.truncations = log.truncations();
    if (log.firstIndex() == 1) {
      return;
    }
    int good = 0;
    int damaged = 0;
    for (SnapshotDirectory directory : shelf.published()) {
      if (directory.manifest().lastIndex() >= log.firstIndex() - 1) {
        good += directory.isWhole() ? 1 : 0;
        damaged += directory.isWhole() ? 0 : 1;
      }
    }
    boolean lost = good == 0 && !shelf.isDamaged();
    if (lost || (cut && good + damaged < 2)) {
      throw context.violation(
          id(),
          "the log of %s %s %d, and of its snapshots %s %s good and as new as that",
          node.nodeId(),
          cut ? "was cut off before" : "starts at",
          log.firstIndex(),
          shelf.list().stream().map(manifest -> manifest.lastIndex()).toList(),
          good == 0 ? "none is" : "only one is");
    }
  }
}
