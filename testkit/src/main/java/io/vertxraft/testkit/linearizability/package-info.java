/**
 * Checks whether what clients saw could have come from one copy that does one operation at a time.
 *
 * <p>Record a history with a {@link io.vertxraft.testkit.linearizability.HistoryRecorder}, choose
 * or write a {@link io.vertxraft.testkit.linearizability.Model}, and ask a {@link
 * io.vertxraft.testkit.linearizability.LinearizabilityChecker}.
 */
package io.vertxraft.testkit.linearizability;
