/** The libraries that are measured, each behind one small interface. */
package io.vertxraft.examples.benchmark.peer;
