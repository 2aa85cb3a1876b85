package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertxraft.Member;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.peer.RateLimitedLog;
import io.vertxraft.spi.ClientChannel;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.PeerAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reaches the members of a group over gRPC, for clients that are no members: {@code
 * RaftClient.create(vertx, new SessionOptions(), GrpcClientChannel.create(vertx, options))}. The
 * members' transports must let clients in, see {@link GrpcTransportOptions#setServeClients}.
 *
 * <p>There is one connection to each member, opened when it is needed. A call goes to the member it
 * is meant for if that is connected, else to any that is. A call that has certainly not been
 * delivered fails as {@link Rejected}: for {@code NOT_LEADER} if no member could be reached, {@code
 * OVERLOADED} beyond the channel's limits, {@code TOO_LARGE} if no member would read it, {@code
 * SHUTTING_DOWN} after {@link #close()}. One that may have been delivered fails as {@link Unknown}.
 *
 * <p>May be used from any thread; futures complete on the caller's Vert.x context.
 */
public final class GrpcClientChannel implements ClientChannel {
  private final VertxInternal vertx;
  private final GrpcClientChannelOptions options;
  private final ContextInternal context;
  private final MemberLinks links;
  private final Promise<Void> closed;

  // Confined to the context.
  private final Set<OutgoingCall> calls = new LinkedHashSet<>();
  private final Set<OutgoingCall> waiting = new LinkedHashSet<>();
  private long bytesInFlight;
  private boolean closing;

  private GrpcClientChannel(Vertx vertx, GrpcClientChannelOptions options) {
    this.vertx = (VertxInternal) vertx;
    this.options = new GrpcClientChannelOptions(options).validate();
    this.context = this.vertx.createEventLoopContext();
    this.closed = context.promise();
    HttpLayer http = new HttpLayer(vertx, this.options.connections());
    RateLimitedLog log = new RateLimitedLog(System.getLogger(GrpcClientChannel.class.getName()));
    LinkOwner owner = new LinkOwner();
    Map<String, MemberLink> byId = new LinkedHashMap<>();
    for (Member member : this.options.getMembers()) {
      PeerAddress address = new PeerAddress(member.getNodeId(), member.getHost(), member.getPort());
      byId.put(member.getNodeId(), new MemberLink(vertx, http, this.options, address, log, owner));
    }
    this.links = new MemberLinks(byId);
  }

  /**
   * Creates a channel; it connects when something is sent.
   *
   * @param vertx whose event loops do the work
   * @param options copied
   * @throws IllegalArgumentException naming the option that is missing or out of range
   */
  public static GrpcClientChannel create(Vertx vertx, GrpcClientChannelOptions options) {
    return new GrpcClientChannel(vertx, options);
  }

  @Override
  public Future<ClientReply> send(String nodeId, ClientRequest request, long timeoutMs) {
    OutgoingCall call = new OutgoingCall(nodeId, request, Math.max(1, timeoutMs), vertx.promise());
    try {
      context.runOnContext(v -> accept(call));
    } catch (RejectedExecutionException e) {
      call.promise.fail(closedAlready());
    }
    return call.promise.future();
  }

  private void accept(OutgoingCall call) {
    Rejected refusal = refusal(call);
    if (refusal != null) {
      call.promise.fail(refusal);
      return;
    }
    calls.add(call);
    bytesInFlight += call.bytes;
    call.timer = vertx.setTimer(call.timeoutMs, id -> expired(call));
    dispatch(call);
  }

  private Rejected refusal(OutgoingCall call) {
    if (closing) {
      return closedAlready();
    }
    if (call.bytes > options.getMessageBytesMax()) {
      return new Rejected(
          Rejected.Reason.TOO_LARGE,
          "a call of %d bytes is larger than messageBytesMax %d"
              .formatted(call.bytes, options.getMessageBytesMax()),
          null);
    }
    if (calls.size() >= options.getCallsInFlightMax()
        || bytesInFlight + call.bytes > options.getBytesInFlightMax()) {
      return new Rejected(
          Rejected.Reason.OVERLOADED,
          "under way are %d calls of %d bytes, allowed are callsInFlightMax %d and"
                  .formatted(calls.size(), bytesInFlight, options.getCallsInFlightMax())
              + " bytesInFlightMax %d; try again later".formatted(options.getBytesInFlightMax()),
          null);
    }
    return null;
  }

  private static Rejected closedAlready() {
    return new Rejected(Rejected.Reason.SHUTTING_DOWN, "the client's channel is closed", null);
  }

  private void dispatch(OutgoingCall call) {
    MemberLink link = links.choose(call.preferredId);
    if (link == null) {
      fail(call, unreachable("no member of group '%s' can be reached".formatted(groupId())));
    } else if (link.isOpen()) {
      link.send(call);
    } else {
      waiting.add(call);
    }
  }

  private String groupId() {
    return options.getGroupId();
  }

  private Rejected unreachable(String what) {
    return new Rejected(Rejected.Reason.NOT_LEADER, what + ": " + links.troubles(), null);
  }

  private void expired(OutgoingCall call) {
    waiting.remove(call);
    if (call.link != null) {
      call.link.forget(call);
    }
    String text = "within %d ms".formatted(call.timeoutMs);
    fail(
        call,
        call.sentAs == 0
            ? unreachable("no member of group '%s' took the call %s".formatted(groupId(), text))
            : new Unknown(Unknown.Reason.FORWARD_LOST, "no answer " + text, null));
  }

  private void fail(OutgoingCall call, RaftException why) {
    if (ended(call)) {
      call.promise.fail(why);
    }
  }

  private boolean ended(OutgoingCall call) {
    if (!calls.remove(call)) {
      return false;
    }
    vertx.cancelTimer(call.timer);
    bytesInFlight -= call.bytes;
    return true;
  }

  @Override
  public Future<Void> close() {
    Promise<Void> done = vertx.promise();
    context.runOnContext(
        v -> {
          if (!closing) {
            closing = true;
            waiting.clear();
            String why = "the client's channel was closed before an answer came";
            for (OutgoingCall call : List.copyOf(calls)) {
              fail(call, new Unknown(Unknown.Reason.FORWARD_LOST, why, null));
            }
            links.close().onComplete(closed);
          }
          closed.future().onComplete(done);
        });
    return done.future();
  }

  /** What the links tell. */
  private final class LinkOwner implements MemberLink.Owner {
    @Override
    public void opened(MemberLink link) {
      List<OutgoingCall> going = new ArrayList<>(waiting);
      waiting.clear();
      going.forEach(link::send);
    }

    @Override
    public void closed(List<OutgoingCall> unsent) {
      List<OutgoingCall> again = new ArrayList<>(unsent);
      again.addAll(waiting);
      waiting.clear();
      again.forEach(GrpcClientChannel.this::dispatch);
    }

    @Override
    public void answered(OutgoingCall call, ClientReply reply) {
      if (ended(call)) {
        call.promise.complete(reply);
      }
    }

    @Override
    public void failed(OutgoingCall call, RaftException why) {
      fail(call, why);
    }
  }
}
