package io.vertxraft.peer;

import io.vertx.core.Future;

/**
 * Makes the connections of one kind of stream to one peer, one at a time, as often as it is told.
 * Confined to the stream's context.
 */
public interface Dialer {
  /**
   * Starts to connect. The peer is verified before anything but the sender's own name is said.
   *
   * @param reader takes what the peer sends
   * @param listener told what becomes of it
   */
  void dial(FrameReader reader, Listener listener);

  /**
   * Gives up the connection, be it open or in the making, and all that was kept for further ones.
   * Its listener is not told. The next {@link #dial} starts anew.
   */
  Future<Void> hangUp();

  /** Told what becomes of a connection, on its context. */
  interface Listener {
    /** The peer is the one looked for; messages may be written. */
    void opened(Outlet outlet);

    /** The connection is over, or could not be made. Called at most once, and last. */
    void ended(String reason, Ending ending);
  }

  /** Why a connection is over. */
  enum Ending {
    /** It failed, or could not be made for the time being. */
    BROKEN,
    /** One end does not want to speak to the other. */
    REFUSED,
    /** The peer does not know this kind of stream. */
    UNKNOWN_KIND
  }
}
