/** Measurements against other ways to do the same. Not for use in programs. */
package io.vertxraft.examples.benchmark;
