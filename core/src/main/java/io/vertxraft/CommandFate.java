package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;

/** What has become of a command whose outcome was not known; see {@link RaftNode#resolve}. */
@VertxGen
public enum CommandFate {
  /** It is committed, and is or will be applied, once. */
  COMMITTED,
  /** It is not in the log and never will be: another entry took its place. */
  LOST,
  /** Its place is part of a snapshot by now, in which nobody can see any more whose it was. */
  COMPACTED
}
