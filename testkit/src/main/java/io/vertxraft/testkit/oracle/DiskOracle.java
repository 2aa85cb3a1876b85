package io.vertxraft.testkit.oracle;

/** A rule about disks alone, which hold also while their node is down. */
interface DiskOracle extends Oracle {
  /** Something happened at a node, running or not, or to its disk. Called before the others. */
  void afterDiskStep(NodeProbe node);
}
