/**
 * Exhaustive exploration of a small scope: {@link io.vertxraft.testkit.explore.Explorer} leads real
 * cores through every order of events within given bounds, where the simulator samples long runs.
 */
package io.vertxraft.testkit.explore;
