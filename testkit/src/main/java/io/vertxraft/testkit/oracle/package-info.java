/**
 * The safety rules of Raft as checks that run after every step of a simulation, against what nodes
 * show and what disks durably hold. Independent of the consensus code.
 */
package io.vertxraft.testkit.oracle;
