package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.client.GrpcClient;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The stream of one kind to one peer, kept open: whenever it ends it is opened anew, after a pause
 * that doubles up to a limit. All its work happens on a context of its own.
 */
final class PeerStream {
  private static final Logger LOGGER = System.getLogger(PeerStream.class.getName());

  private final Vertx vertx;
  private final ContextInternal context;
  private final HttpLayer http;
  private final GrpcTransportOptions options;
  private final GroupIdentity self;
  private final PeerAddress peer;
  private final StreamKind kind;
  private final GroupRegistry groups;
  private final TransportCounters counters;
  private final RateLimitedLog log;
  private final SendQueue queue;

  private GrpcClient client;
  private OutboundCall call;
  private long retryTimer = -1;
  private long delayMs;
  private long openedAtNanos;
  private boolean closed;

  // Written on the context, read by anybody who asks for the status.
  private volatile boolean connected;
  private volatile long connects;
  private volatile String lastError = "";

  PeerStream(
      ContextInternal context,
      HttpLayer http,
      GrpcTransportOptions options,
      GroupIdentity self,
      PeerAddress peer,
      StreamKind kind,
      GroupRegistry groups,
      TransportCounters counters,
      RateLimitedLog log) {
    this.vertx = context.owner();
    this.context = context;
    this.http = http;
    this.client = http.createClient();
    this.options = options;
    this.self = self;
    this.peer = peer;
    this.kind = kind;
    this.groups = groups;
    this.counters = counters;
    this.log = log;
    this.delayMs = options.getReconnectDelayMinMs();
    this.queue =
        new SendQueue(
            context, SendQueue.Limits.of(options, kind), counters, log, kind + " of " + peer);
  }

  /** Starts to connect. Any thread. */
  void open() {
    context.runOnContext(v -> connect());
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
          disconnected();
          if (call != null) {
            call.close();
          }
          client.close().onComplete(done);
        });
    return done.future();
  }

  private void connect() {
    if (closed) {
      return;
    }
    FrameReader reader = new FrameReader(groups, counters, log, peer.nodeId(), kind, true);
    call =
        new OutboundCall(
            vertx,
            client,
            options,
            self,
            peer,
            kind,
            reader,
            new OutboundCall.Listener() {
              @Override
              public void opened(WriteStream<Buffer> stream) {
                PeerStream.this.opened(stream);
              }

              @Override
              public void ended(String reason, boolean refused) {
                PeerStream.this.ended(reason, refused);
              }
            });
    call.start();
  }

  private void opened(WriteStream<Buffer> stream) {
    LOGGER.log(Level.DEBUG, () -> "%s: %s stream to %s is open".formatted(self, kind, peer));
    openedAtNanos = System.nanoTime();
    connects++;
    connected = true;
    queue.attach(stream);
  }

  private void ended(String reason, boolean refused) {
    boolean wasOpen = connected;
    if (wasOpen && openMs() >= options.getReconnectDelayMaxMs()) {
      // Only a stream that lasted starts over: two processes with one id would else push each other
      // out at the shortest interval for ever.
      delayMs = options.getReconnectDelayMinMs();
    }
    disconnected();
    lastError = reason;
    if (!wasOpen) {
      // A connection that was accepted and never answered would keep the pool's only place for
      // ever, and each retry would queue behind it. Closing the client gives up both.
      client.close();
      client = http.createClient();
    }
    if (refused) {
      // A wrong address or cluster does not mend itself in milliseconds.
      delayMs = options.getReconnectDelayMaxMs();
      log.warn(
          "refused " + peer,
          () -> "'%s' and %s do not speak to each other: %s".formatted(self, peer, reason));
    } else {
      LOGGER.log(
          Level.DEBUG,
          () ->
              "%s: %s stream to %s %s: %s"
                  .formatted(self, kind, peer, wasOpen ? "ended" : "cannot be opened", reason));
    }
    if (!closed) {
      retryTimer = vertx.setTimer(jittered(delayMs), id -> connect());
      delayMs = Math.min(delayMs * 2, options.getReconnectDelayMaxMs());
    }
  }

  private long openMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedAtNanos);
  }

  private void disconnected() {
    connected = false;
    queue.detach();
  }

  /** Between half and all of the delay, so that nodes that lost a peer together return apart. */
  private static long jittered(long delayMs) {
    return ThreadLocalRandom.current().nextLong(Math.max(1, delayMs / 2), delayMs + 1);
  }
}
