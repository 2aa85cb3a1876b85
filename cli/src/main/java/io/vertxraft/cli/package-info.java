/**
 * {@code raftctl}, the command line of operators: a group of commands for each thing to look after.
 *
 * <p>Commands about running members ask a console over HTTP; those about storage look into the
 * directory of a member that does not run. {@code RaftCtl} lists the exit codes.
 */
package io.vertxraft.cli;
