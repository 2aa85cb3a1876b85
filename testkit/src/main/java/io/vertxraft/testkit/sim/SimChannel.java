package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftNode;
import io.vertxraft.spi.ClientChannel;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A client's way to the members of a simulated group: requests and replies take their time and get
 * lost, and a request may arrive after it was given up. A member that is down refuses, or says
 * nothing. Nothing arrives twice, as over a connection.
 */
final class SimChannel implements ClientChannel {
  private static final long DELAY_NANOS_MEAN = 1_000_000;
  private static final double LOSS = 0.02;
  private static final double SILENCE = 0.5;

  private final SimWorld world;
  private final SimContext context;
  private final SimRandom random;
  private final Function<String, RaftNode> members;

  /**
   * A channel for one client.
   *
   * @param members gives a member by its id, or null if it is down
   */
  SimChannel(
      SimWorld world, SimContext context, SimRandom random, Function<String, RaftNode> members) {
    this.world = world;
    this.context = context;
    this.random = random;
    this.members = members;
  }

  @Override
  public Future<ClientReply> send(String nodeId, ClientRequest request, long timeoutMs) {
    Promise<ClientReply> answer = Promise.promise();
    String to = nodeId == null ? anyone() : nodeId;
    context.after(
        TimeUnit.MILLISECONDS.toNanos(timeoutMs),
        () -> answer.tryFail(new Unknown(Unknown.Reason.FORWARD_LOST, "no answer", null)));
    if (!random.chance(LOSS)) {
      context.after(delay(), () -> deliver(to, request, answer));
    }
    return answer.future();
  }

  private String anyone() {
    List<SimMachine> machines = world.machines();
    return machines.get((int) random.below(machines.size())).nodeId();
  }

  private long delay() {
    return 1 + random.exponential(DELAY_NANOS_MEAN);
  }

  private void deliver(String to, ClientRequest request, Promise<ClientReply> answer) {
    RaftNode member = members.apply(to);
    if (member != null) {
      member
          .serve(request)
          .onSuccess(
              reply -> {
                if (!random.chance(LOSS)) {
                  context.after(delay(), () -> answer.tryComplete(reply));
                }
              });
    } else if (!random.chance(SILENCE)) {
      answer.tryFail(new Rejected(Rejected.Reason.NOT_LEADER, to + " is down", null));
    }
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
