/**
 * The web console: a live page on a whole Raft group, mounted into a vertx-web router with {@link
 * io.vertxraft.console.RaftConsole}. {@link io.vertxraft.console.Explain} gives the same findings
 * in words to any other program.
 */
@ModuleGen(name = "vertx-raft-console", groupPackage = "io.vertxraft")
package io.vertxraft.console;

import io.vertx.codegen.annotations.ModuleGen;
