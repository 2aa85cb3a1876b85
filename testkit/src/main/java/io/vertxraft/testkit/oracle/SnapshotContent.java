package io.vertxraft.testkit.oracle;

import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.snapshot.SnapshotDirectory;
import java.util.HashMap;
import java.util.Map;

/**
 * I13: a snapshot holds the state that the committed entries up to its index lead to, and no index
 * that is not committed. Looked at when it is saved, when it appears on a disk, and when it is
 * loaded.
 */
public final class SnapshotContent implements DiskOracle {
  /** The file of a snapshot that tells the hash of its state, as eight bytes. */
  public static final String HASH_FILE = "state-hash";

  private final OracleContext context;
  private final Map<String, Long> seen = new HashMap<>();

  /** The rule for a run. */
  public SnapshotContent(OracleContext context) {
    this.context = context;
  }

  @Override
  public String id() {
    return "I13";
  }

  @Override
  public void snapshotSaving(NodeProbe node, long index, long term, long stateHash) {
    check(node, "saves", index, term, stateHash);
  }

  @Override
  public void snapshotLoaded(NodeProbe node, long index, long term, long stateHash) {
    check(node, "has loaded", index, term, stateHash);
  }

  @Override
  public void afterDiskStep(NodeProbe node) {
    long version = node.snapshots().version();
    Long before = seen.put(node.nodeId(), version);
    if (before != null && before == version) {
      return;
    }
    for (SnapshotDirectory directory : node.snapshots().published()) {
      SnapshotManifest manifest = directory.manifest();
      boolean recorded = manifest.file(HASH_FILE) != null;
      if (directory.isWhole() && recorded) {
        check(
            node,
            "has on its disk",
            manifest.lastIndex(),
            manifest.lastTerm(),
            directory.read(HASH_FILE, 0, Long.BYTES).getLong(0));
      }
    }
  }

  private void check(NodeProbe node, String does, long index, long term, long stateHash) {
    CommitLedger ledger = context.ledger();
    if (index < 1 || index > ledger.lastIndex()) {
      throw failed(node, does, index, "ahead of what is committed: " + ledger.lastIndex());
    }
    if (ledger.termAt(index) != term) {
      throw failed(
          node, does, index, "of term %d, which is of %d".formatted(term, ledger.termAt(index)));
    }
    long command = ledger.lastCommandUpTo(index);
    long expected = command == 0 ? ChainHash.EMPTY : ledger.stateHashAt(command);
    if (expected != stateHash) {
      throw failed(node, does, index, "with another state than the commands up to it lead to");
    }
  }

  private Violation failed(NodeProbe node, String does, long index, String how) {
    return context.violation(id(), "%s %s a snapshot at %d %s", node.nodeId(), does, index, how);
  }
}
