package io.vertxraft.peer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * The stream of one kind to one peer. Most are kept open: whenever one ends it is opened anew,
 * after a pause that doubles up to a limit. One that is {@linkplain StreamKind#onDemand() on
 * demand} is opened when something is to be sent, which waits for it, and closed when nothing has
 * passed for a while; it keeps to the same pauses. All its work happens on one context.
 */
final class PeerStream {
  private static final Logger LOGGER = System.getLogger(PeerStream.class.getName());

  /** How soon a peer that did not know this kind of stream is asked again: it may be upgraded. */
  private static final long UNKNOWN_KIND_PAUSE_MS = TimeUnit.SECONDS.toMillis(30);

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final ContextInternal context;
  private final Dialer dialer;
  private final PeerTransportOptions<?> options;
  private final GroupIdentity self;
  private final PeerAddress peer;
  private final StreamKind kind;
  private final TransportParts parts;
  private final SendQueue queue;
  private final Backoff backoff;

  private boolean dialled;
  private FrameReader reader;
  private long retryTimer = NO_TIMER;
  private long idleTimer = NO_TIMER;
  private boolean saidUnknown;
  private long openedAtNanos;
  private boolean closed;

  // Written on the context, read by anybody who asks for the status.
  private volatile boolean connected;
  private volatile long connects;
  private volatile String lastError = "";

  PeerStream(
      ContextInternal context,
      Dialer dialer,
      GroupIdentity self,
      PeerAddress peer,
      StreamKind kind,
      TransportParts parts) {
    this.vertx = context.owner();
    this.context = context;
    this.dialer = dialer;
    this.options = parts.options();
    this.self = self;
    this.peer = peer;
    this.kind = kind;
    this.parts = parts;
    this.backoff = new Backoff(options.getReconnectDelayMinMs(), options.getReconnectDelayMaxMs());
    this.queue =
        new SendQueue(
            context,
            SendQueue.Limits.of(options, kind),
            Bandwidth.unlimited(),
            parts,
            kind + " of " + peer);
  }

  /** Starts to connect, at once or as soon as something is to be sent. Any thread. */
  void open() {
    if (kind.onDemand()) {
      // At once: whoever has joined may send.
      queue.hold(this::wanted);
    } else {
      context.runOnContext(v -> connect());
    }
  }

  /** Sends a message, or drops it. Any thread. */
  void send(String groupId, Message message) {
    queue.offer(groupId, message);
  }

  PeerStatus status() {
    return new PeerStatus(peer, kind, connected, connects, lastError);
  }

  /** Closes the stream for good. Any thread; idempotent. */
  Future<Void> close() {
    Promise<Void> done = context.promise();
    context.runOnContext(
        v -> {
          closed = true;
          vertx.cancelTimer(retryTimer);
          connected = false;
          vertx.cancelTimer(idleTimer);
          queue.detach();
          hangUp().onComplete(done);
        });
    return done.future();
  }

  /** Something waits for a stream. */
  private void wanted() {
    if (!dialled && retryTimer == NO_TIMER) {
      connect();
    }
  }

  private void connect() {
    retryTimer = NO_TIMER;
    if (closed) {
      return;
    }
    reader = new FrameReader(parts, peer.nodeId(), kind, true);
    dialled = true;
    dialer.dial(
        reader,
        new Dialer.Listener() {
          @Override
          public void opened(Outlet outlet) {
            PeerStream.this.opened(outlet);
          }

          @Override
          public void ended(String reason, Dialer.Ending ending) {
            PeerStream.this.ended(reason, ending);
          }
        });
  }

  private void opened(Outlet outlet) {
    LOGGER.log(Level.DEBUG, () -> "%s: %s stream to %s is open".formatted(self, kind, peer));
    openedAtNanos = System.nanoTime();
    connects++;
    connected = true;
    saidUnknown = false;
    queue.attach(outlet);
    if (kind.onDemand()) {
      watchIdle();
    }
  }

  /** Closes the stream once nothing has passed for a while and nothing waits. */
  private void watchIdle() {
    long before = passed();
    idleTimer =
        vertx.setTimer(
            options.getSnapshotIdleTimeoutMs(),
            id -> {
              if (passed() == before && queue.isEmpty()) {
                closeIdle();
              } else {
                watchIdle();
              }
            });
  }

  private long passed() {
    return queue.batchesWritten() + reader.framesRead();
  }

  private void closeIdle() {
    LOGGER.log(Level.DEBUG, () -> "%s: %s stream to %s is idle".formatted(self, kind, peer));
    // First, so that what is sent just now waits for the next stream.
    queue.hold(this::wanted);
    connected = false;
    hangUp();
    backoff.reset();
  }

  /** Gives up the connection, be it open or in the making. */
  private Future<Void> hangUp() {
    dialled = false;
    return dialer.hangUp();
  }

  private void ended(String reason, Dialer.Ending ending) {
    dialled = false;
    boolean wasOpen = connected;
    if (wasOpen) {
      backoff.lasted(openMs());
    }
    if (ending == Dialer.Ending.REFUSED) {
      backoff.refused();
    }
    boolean reopened = !closed && kind.onDemand() && ending == Dialer.Ending.BROKEN;
    vertx.cancelTimer(idleTimer);
    // What waited for this connection is not kept for a later one.
    if (reopened) {
      queue.holdAnew(this::wanted);
    } else {
      queue.detach();
    }
    lastError = reason;
    // After that: whoever sees that it has ended and sends is not caught in between.
    connected = false;
    if (!wasOpen) {
      // A connection that was accepted and never answered must not stand in the way of the next.
      hangUp();
    }
    tell(reason, wasOpen, ending);
    if (!closed) {
      long pauseMs = backoff.nextPauseMs();
      retryTimer =
          vertx.setTimer(
              ending == Dialer.Ending.UNKNOWN_KIND ? UNKNOWN_KIND_PAUSE_MS : pauseMs,
              id -> retry());
    }
  }

  private void retry() {
    retryTimer = NO_TIMER;
    if (!kind.onDemand() || !queue.isEmpty()) {
      connect();
    } else {
      // Also after a refusal, during which nothing was held.
      queue.hold(this::wanted);
    }
  }

  private void tell(String reason, boolean wasOpen, Dialer.Ending ending) {
    switch (ending) {
      case REFUSED ->
          parts
              .log()
              .warn(
                  "refused " + peer,
                  () -> "'%s' and %s do not speak to each other: %s".formatted(self, peer, reason));
      case UNKNOWN_KIND -> {
        if (!saidUnknown) {
          saidUnknown = true;
          parts
              .log()
              .warn(
                  "unknown " + kind + " " + peer,
                  () ->
                      "%s does not know the %s stream, because it runs an older version: nothing is"
                              .formatted(peer, kind)
                          + " fetched from it until it is upgraded");
        }
      }
      case BROKEN ->
          LOGGER.log(
              Level.DEBUG,
              () ->
                  "%s: %s stream to %s %s: %s"
                      .formatted(self, kind, peer, wasOpen ? "ended" : "cannot be opened", reason));
    }
  }

  private long openMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedAtNanos);
  }
}
