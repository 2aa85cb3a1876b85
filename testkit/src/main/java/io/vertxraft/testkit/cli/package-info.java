/** The simulator's command line: batches of seeds, one seed in detail, planted bugs. */
package io.vertxraft.testkit.cli;
