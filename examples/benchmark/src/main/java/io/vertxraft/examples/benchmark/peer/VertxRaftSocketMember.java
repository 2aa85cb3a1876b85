package io.vertxraft.examples.benchmark.peer;

import io.vertxraft.socket.SocketTransport;

/**
 * A member of this project with the socket transport, and all else as in {@link VertxRaftMember}.
 */
public final class VertxRaftSocketMember extends VertxRaftMember {
  /** Starts it and returns once it runs. Blocks. */
  public VertxRaftSocketMember(MemberSetup setup) throws Exception {
    super(setup, SocketTransport::create);
  }
}
