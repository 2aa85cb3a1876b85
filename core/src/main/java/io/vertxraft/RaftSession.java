package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;
import io.vertx.core.Future;

/**
 * A client's session with a group: each command is applied exactly once, however often it has to be
 * sent (R-10; thesis 6.3).
 *
 * <p>A session numbers its commands, and sends one again until it is answered: a command that the
 * group has applied already is not applied again, and gets the first reply. What the group
 * remembers for that is replicated, and part of its snapshots. Commands that are in flight together
 * may be applied in another order than they were sent in, if one of them has to be sent again;
 * whoever needs an order waits for the answer, or applies them together.
 *
 * <p>Failures: {@link RaftException.Rejected}, if no attempt got into the log, and {@link
 * RaftException.Unknown}, if one may have, and no answer came within the time allowed. A session
 * that the group has forgotten, because nothing was heard of it for {@link
 * SessionOptions#getKeptMs()}, says {@code SESSION_EXPIRED}: open another, and mind that what is
 * {@code Unknown} then stays so.
 *
 * <p>All methods may be called from any thread.
 */
@VertxGen
public interface RaftSession extends RaftCommands {
  /**
   * The session's id: the log index of the entry that opened it. Sessions opened later have larger
   * ids, which makes it fit as a fencing token.
   */
  long id();

  /** Completes when the session has ended, by {@link #close()} or because the group forgot it. */
  Future<Void> ended();

  /**
   * Waits for the calls in flight and has the group forget the session. Succeeds even if the group
   * cannot be reached: it forgets the session by itself then. Idempotent.
   */
  Future<Void> close();
}
