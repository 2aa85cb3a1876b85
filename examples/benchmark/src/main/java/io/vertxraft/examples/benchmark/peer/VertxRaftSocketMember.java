package io.vertxraft.examples.benchmark.peer;

import io.vertxraft.socket.SocketTransport;
import java.util.List;

/**
 * Members of this project with the socket transport, and all else as in {@link VertxRaftMember}.
 */
public final class VertxRaftSocketMember {
  private VertxRaftSocketMember() {}

  /** Starts a member of each group and returns once they run. Blocks. */
  public static List<RaftMember> startAll(MemberSetup setup) throws Exception {
    return VertxRaftMember.startAll(
        setup, SocketTransport::create, VertxRaftMember.Caller.IN_MEMBER);
  }
}
