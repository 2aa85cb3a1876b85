/** Measurements of this project beside others. Not for use in programs. */
package io.vertxraft.examples.benchmark;
