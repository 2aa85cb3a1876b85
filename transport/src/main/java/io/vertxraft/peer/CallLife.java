package io.vertxraft.peer;

import io.vertx.core.Vertx;

/**
 * The life of an outgoing call, which ends once, for whatever reason: not answered within the
 * connect timeout, silent although it is pinged, or because somebody says so. Confined to the
 * context it is started on.
 */
public final class CallLife {
  /** Pings per idle timeout: two may get lost in a long pause without harm. */
  private static final int PINGS_PER_TIMEOUT = 3;

  private static final long NO_TIMER = -1;

  /** What a call does in its life. */
  public interface Call {
    /** Sends a ping; {@link CallLife#heard()} is to be called for its answer. */
    void ping();

    /** Gives free what the call holds. */
    void release();

    /** The call is over, and not because of {@link CallLife#close()}. */
    void ended(String reason, Dialer.Ending ending);
  }

  private final Vertx vertx;
  private final PeerTransportOptions<?> options;
  private final Call call;
  private long connectTimer = NO_TIMER;
  private long pingTimer = NO_TIMER;
  private int unansweredPings;
  private boolean ended;

  /** A life that has not begun. */
  public CallLife(Vertx vertx, PeerTransportOptions<?> options, Call call) {
    this.vertx = vertx;
    this.options = options;
    this.call = call;
  }

  /** From now on the peer has the connect timeout to answer. */
  public void begin() {
    connectTimer =
        vertx.setTimer(
            options.getConnectTimeoutMs(),
            id -> end("no answer within connectTimeoutMs " + options.getConnectTimeoutMs()));
  }

  /**
   * The peer is the one looked for.
   *
   * @param opened done before the connect timeout is called off: should it fail, the call still
   *     ends in time and is tried anew
   */
  public void established(Runnable opened) {
    schedulePing();
    opened.run();
    vertx.cancelTimer(connectTimer);
  }

  /** Something has come from the peer. */
  public void heard() {
    unansweredPings = 0;
  }

  // Counted in pings, not in time, and never several at once: when this process itself was paused,
  // the answers that wait for it are read before the next ping is due.
  private void schedulePing() {
    long intervalMs = Math.max(1, options.getPeerIdleTimeoutMs() / PINGS_PER_TIMEOUT);
    pingTimer = vertx.setTimer(intervalMs, id -> ping());
  }

  private void ping() {
    if (unansweredPings >= PINGS_PER_TIMEOUT) {
      end(
          "nothing heard for peerIdleTimeoutMs %d, not even answers to pings"
              .formatted(options.getPeerIdleTimeoutMs()));
      return;
    }
    unansweredPings++;
    call.ping();
    schedulePing();
  }

  /** Whether the call is over. */
  public boolean hasEnded() {
    return ended;
  }

  /** Ends the call without saying so. */
  public void close() {
    if (!ended) {
      ended = true;
      vertx.cancelTimer(connectTimer);
      vertx.cancelTimer(pingTimer);
      call.release();
    }
  }

  /** Ends the call, which may be tried anew. */
  public void end(String reason) {
    end(reason, Dialer.Ending.BROKEN);
  }

  /** Ends the call. */
  public void end(String reason, Dialer.Ending ending) {
    if (!ended) {
      close();
      call.ended(reason, ending);
    }
  }
}
