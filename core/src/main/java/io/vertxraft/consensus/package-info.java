/**
 * The Raft algorithm as a pure state machine: {@link io.vertxraft.consensus.RaftCore} takes one
 * event, changes its state and collects {@link io.vertxraft.consensus.Effects} for somebody else to
 * carry out.
 *
 * <p>Invariants of this package: no clock, no thread, no I/O, no Vert.x; time is a parameter,
 * random numbers come from outside, and every collection iterates in a fixed order. Sections (§)
 * refer to "In Search of an Understandable Consensus Algorithm (Extended Version)", thesis sections
 * to "Consensus: Bridging Theory and Practice", both by Diego Ongaro.
 */
package io.vertxraft.consensus;
