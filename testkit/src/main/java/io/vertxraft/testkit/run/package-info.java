/**
 * Whole runs: real nodes on simulated machines, faults and clients drawn from one seed, every
 * safety rule checked after every step.
 */
package io.vertxraft.testkit.run;
