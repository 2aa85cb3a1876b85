package io.vertxraft.examples.benchmark.peer;

import io.vertxraft.socket.SocketTransport;
import java.util.List;

/** As {@link VertxRaftSocketMember}, called from an event loop that is not the member's. */
public final class VertxRaftApartMember {
  private VertxRaftApartMember() {}

  /** Starts a member of each group and returns once they run. Blocks. */
  public static List<RaftMember> startAll(MemberSetup setup) throws Exception {
    return VertxRaftMember.startAll(
        setup, SocketTransport::create, VertxRaftMember.Caller.ELSEWHERE);
  }
}
