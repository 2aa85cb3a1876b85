/** Loads, closed and open, made in the process of the leader. */
package io.vertxraft.examples.benchmark.load;
