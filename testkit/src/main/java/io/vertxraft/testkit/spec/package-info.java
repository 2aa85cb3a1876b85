/**
 * A second opinion on the protocol: reads the trace of a group, event by event, and judges every
 * transition by the guards of the Raft paper. It shares no code with the members it judges.
 */
package io.vertxraft.testkit.spec;
