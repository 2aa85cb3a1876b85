package io.vertxraft.peer;

import io.vertx.core.MultiMap;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The streams that peers have opened to this node: strangers' are refused, and for each peer and
 * kind the latest is kept, whose response side carries the answers back. Confined to the listening
 * port's context, unless said otherwise.
 */
public final class InboundStreams {
  private static final Logger LOGGER = System.getLogger(InboundStreams.class.getName());

  private final ContextInternal context;
  private final GroupIdentity self;
  private final TransportParts parts;
  private final Bandwidth snapshotBandwidth;
  private final Map<StreamId, Inbound> streams = new ConcurrentHashMap<>();

  private record StreamId(String peerId, StreamKind kind) {}

  InboundStreams(ContextInternal context, GroupIdentity self, TransportParts parts) {
    this.context = context;
    this.self = self;
    this.parts = parts;
    this.snapshotBandwidth =
        Bandwidth.of(
            parts.options().getSnapshotBytesPerSecondMax(),
            Bandwidth.Timers.of(context.owner()),
            parts.counters().snapshotRepliesDelayed);
  }

  /** Who listens here. */
  public GroupIdentity self() {
    return self;
  }

  /**
   * Checks who calls.
   *
   * @param hello what the caller says about itself
   * @param caller what its connection says
   * @return null if it is welcome
   */
  public Handshake.Refusal check(MultiMap hello, CertificateSource caller) {
    Handshake.Refusal refusal = Handshake.checkRequest(hello, self, parts.groups());
    if (refusal == null && parts.options().isTls()) {
      String mismatch =
          PeerCertificate.mismatch(caller, self.clusterId(), hello.get(Handshake.FROM));
      if (mismatch != null) {
        return new Handshake.Refusal(Handshake.Status.UNAUTHENTICATED, mismatch);
      }
    }
    return refusal;
  }

  /** Counts a stream that is not taken, and says why in the log. */
  public void refused(Handshake.Refusal refusal, SocketAddress caller) {
    parts.counters().refusedStreams.increment();
    Supplier<String> text =
        () -> "'%s' refuses a stream from %s: %s".formatted(self, caller, refusal.message());
    if (refusal.status() == Handshake.Status.UNAVAILABLE) {
      LOGGER.log(Level.DEBUG, text);
    } else {
      parts.log().warn("refuse " + refusal.status(), text);
    }
  }

  /** What no handler has taken care of; a stranger may be able to cause it at will. */
  public void unexpected(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    String at = trace.length == 0 ? "an unknown place" : trace[0].toString();
    parts
        .log()
        .warn(
            "unexpected at " + at, () -> "unexpected on the peer port: %s at %s".formatted(e, at));
    LOGGER.log(Level.DEBUG, () -> "unexpected on the peer port", e);
  }

  /** Takes the stream of a peer that was found welcome; nothing is sent on it before it is open. */
  public Inbound accept(String peerId, StreamKind kind) {
    return new Inbound(new StreamId(peerId, kind));
  }

  /** Sends an answer back on the peer's stream, or drops it if the peer has none. Any thread. */
  void reply(String peerId, String groupId, Message message) {
    Inbound inbound = streams.get(new StreamId(peerId, StreamKind.of(message)));
    if (inbound == null) {
      parts.counters().droppedDisconnected.increment();
    } else {
      inbound.replies.offer(groupId, message);
    }
  }

  /** A peer's stream. */
  public final class Inbound {
    private final StreamId id;
    private final SendQueue replies;
    private final FrameReader reader;
    private Consumer<String> end;

    private Inbound(StreamId id) {
      this.id = id;
      this.replies =
          new SendQueue(
              context,
              SendQueue.Limits.of(parts.options(), id.kind),
              id.kind == StreamKind.SNAPSHOT ? snapshotBandwidth : Bandwidth.unlimited(),
              parts,
              id.kind + " replies to " + id.peerId);
      this.reader = new FrameReader(parts, id.peerId, id.kind, false);
    }

    /** Takes what the peer sends. */
    public FrameReader reader() {
      return reader;
    }

    /**
     * Lets answers out, and ends an earlier stream of the same peer and kind.
     *
     * @param outlet where answers go
     * @param caller the address of the peer's end
     * @param endIt ends this stream when a newer one replaces it; told why
     */
    public void open(Outlet outlet, SocketAddress caller, Consumer<String> endIt) {
      end = endIt;
      replies.attach(outlet);
      Inbound previous = streams.put(id, this);
      if (previous != null) {
        // The peer has reconnected; it may not know yet that its earlier stream is gone.
        previous.replies.detach();
        parts
            .log()
            .warn(
                "replaced " + id,
                () ->
                    "'%s' opened a new %s stream from %s while its earlier one was open: if this"
                            .formatted(id.peerId, id.kind, caller)
                        + " goes on, two processes use this node id");
        previous.end.accept("replaced by a newer stream of the same node");
      }
      LOGGER.log(
          Level.DEBUG, () -> "%s: %s stream from '%s' is open".formatted(self, id.kind, id.peerId));
    }

    /** The stream is over; may be called again. */
    public void forget() {
      if (streams.remove(id, this)) {
        replies.detach();
      }
    }
  }
}
