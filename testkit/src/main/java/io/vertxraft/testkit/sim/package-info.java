/**
 * A deterministic world for real nodes: virtual time, simulated network and disks, crashes, pauses
 * and drifting clocks. One thread, one seed; the same seed gives the same run, to the bit.
 */
package io.vertxraft.testkit.sim;
