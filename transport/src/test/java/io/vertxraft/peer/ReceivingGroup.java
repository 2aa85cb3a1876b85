package io.vertxraft.peer;

import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.util.ArrayList;
import java.util.List;

/** A group of n1 and n2 that keeps what n1 receives from n2. */
public final class ReceivingGroup {
  public final List<Message> received = new ArrayList<>();
  private final TransportParts parts =
      TransportParts.of(new PlainOptions(), System.getLogger("test"));

  public ReceivingGroup(String groupId) {
    parts
        .groups()
        .add(
            new JoinedGroup(
                new GroupIdentity("c", groupId, "n1"),
                List.of(
                    new PeerAddress("n1", "localhost", 1), new PeerAddress("n2", "localhost", 2)),
                Runnable::run,
                (from, message) -> received.add(message),
                1L << 40,
                parts.counters()));
  }

  /** A reader of the stream on which such a message travels. */
  public FrameReader reader(Message like) {
    return new FrameReader(parts, "n2", StreamKind.of(like), StreamKind.isReply(like));
  }

  public TransportStats stats() {
    return parts.counters().snapshot();
  }
}
