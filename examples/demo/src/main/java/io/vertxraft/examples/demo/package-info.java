/** A cluster in one process, under load, with keys to break it and a check that nothing is lost. */
package io.vertxraft.examples.demo;
