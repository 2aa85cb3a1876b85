/**
 * Snapshots in memory: what a disk holds of them, and a storage of them whose medium decides how
 * long a step takes and whether it fails. Shared by the storage for unit tests and by the simulated
 * disk.
 */
package io.vertxraft.testkit.snapshot;
