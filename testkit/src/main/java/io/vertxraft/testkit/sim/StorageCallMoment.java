package io.vertxraft.testkit.sim;

/** Where inside a call to storage the power goes; see {@link SimMachine#crashAtStorageCall}. */
public enum StorageCallMoment {
  /** At the start: the call has no effect. */
  START,
  /** Just after the call was accepted: a write may survive, whole or not, as any un-synced one. */
  ACCEPTED
}
