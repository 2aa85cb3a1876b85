/**
 * {@code raftctl}, the command line of operators: a group of commands for each thing to look after.
 *
 * <p>Exit codes: 0 all is well, 1 something is damaged, 2 the command could not be carried out.
 */
package io.vertxraft.cli;
