package io.vertxraft.grpc;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which member a call goes to: the one it is meant for if that is connected, else any that is; a
 * call waits for a connection only while there is none at all. Confined to the channel's context.
 */
final class MemberLinks {
  private final Map<String, MemberLink> byId;
  private final List<MemberLink> inTurn;
  private int turn;

  /** Takes the links, by member id. */
  MemberLinks(Map<String, MemberLink> links) {
    byId = new LinkedHashMap<>(links);
    inTurn = List.copyOf(byId.values());
    // Clients that start together do not all begin with the same member.
    turn = ThreadLocalRandom.current().nextInt(inTurn.size());
  }

  /**
   * The link for a call; if it is not open, it is being opened.
   *
   * @param nodeId the member it is meant for, or null for any
   * @return null if none is open and all have failed just now
   */
  MemberLink choose(String nodeId) {
    MemberLink wanted = byId.get(nodeId);
    if (wanted != null && wanted.mayConnect()) {
      wanted.connect();
    }
    if (wanted != null && wanted.isResponsive()) {
      return wanted;
    }
    MemberLink open = next(MemberLink::isResponsive);
    if (open == null) {
      open = next(MemberLink::isOpen);
    }
    if (open != null) {
      return open;
    }
    if (wanted != null && wanted.isConnecting()) {
      return wanted;
    }
    MemberLink closed;
    while ((closed = next(MemberLink::mayConnect)) != null) {
      closed.connect();
      if (closed.isConnecting()) {
        return closed;
      }
    }
    return next(MemberLink::isConnecting);
  }

  private MemberLink next(Predicate<MemberLink> fits) {
    for (int i = 0; i < inTurn.size(); i++) {
      int at = (turn + i) % inTurn.size();
      if (fits.test(inTurn.get(at))) {
        turn = at + 1;
        return inTurn.get(at);
      }
    }
    return null;
  }

  /** Why each member was last out of reach. */
  String troubles() {
    return inTurn.stream().map(MemberLink::trouble).collect(Collectors.joining("; "));
  }

  Future<Void> close() {
    List<Future<?>> closing = new ArrayList<>();
    inTurn.forEach(link -> closing.add(link.close()));
    return Future.join(closing).mapEmpty();
  }
}
