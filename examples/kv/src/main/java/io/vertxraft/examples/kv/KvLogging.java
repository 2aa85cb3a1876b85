package io.vertxraft.examples.kv;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps out of the log what libraries say of events that are no news and need no action. */
final class KvLogging {
  // Held here, because the log manager forgets the settings of a logger that nobody holds.

  /** Warns that Vert.x registers the same gauge once per event loop. */
  private static final Logger METERS =
      Logger.getLogger("io.micrometer.core.instrument.MeterRegistry");

  /** Says SEVERE when a peer is killed; the transport notices that by itself, and reconnects. */
  private static final Logger CONNECTIONS =
      Logger.getLogger("io.vertx.core.net.impl.ConnectionBase");

  /** Warns, with a stack trace, when a client resets its connection between two requests. */
  private static final Logger CHANNELS =
      Logger.getLogger("io.netty.channel.AbstractChannelHandlerContext");

  private KvLogging() {}

  /** Applies to the whole process. */
  static void quieten() {
    METERS.setLevel(Level.SEVERE);
    CONNECTIONS.setLevel(Level.OFF);
    CHANNELS.setFilter(entry -> !(entry.getThrown() instanceof IOException));
  }
}
