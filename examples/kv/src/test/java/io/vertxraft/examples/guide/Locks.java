package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class Locks implements StateMachine {
  private record Holder(long session, long token) {}

  private final Map<String, Holder> holders = new TreeMap<>();

  @Override
  public boolean wantsSessionEnds() {
    return true; // who is gone holds nothing
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    List<Buffer> replies = new ArrayList<>();
    for (Command command : batch) {
      if (command.isSessionEnd()) {
        holders.values().removeIf(holder -> holder.session() == command.sessionId());
        replies.add(Buffer.buffer());
      } else {
        replies.add(Buffer.buffer().appendLong(apply(command)));
      }
    }
    return Future.succeededFuture(replies);
  }

  /** "lock NAME" gives a fencing token, or 0 if somebody else holds it; "unlock NAME" frees it. */
  private long apply(Command command) {
    String[] words = command.payload().toString().split(" ", 2);
    Holder holder = holders.get(words[1]);
    boolean mine = holder != null && holder.session() == command.sessionId();
    if (words[0].equals("unlock")) {
      return mine ? holders.remove(words[1]).token() : 0;
    }
    if (holder == null) {
      holder = new Holder(command.sessionId(), command.index()); // indexes only ever rise
      holders.put(words[1], holder);
    }
    return holder.session() == command.sessionId() ? holder.token() : 0;
  }
}
