package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * One browser on the event stream. Frames are offered from the console's context and written on the
 * request's own. While the browser does not keep up, frames are skipped; once it has drained it
 * gets the newest snapshot, so that it never reads stale frames one by one.
 */
final class StreamClient {
  private final Context context;
  private final HttpServerResponse response;
  private final boolean patches;
  private final Runnable onDrained;
  // Confined to the request's context.
  private boolean behind;
  private boolean ended;

  /**
   * Wraps a response whose headers are set.
   *
   * @param context the request's context
   * @param patches whether it wants patches in place of whole frames
   * @param onDrained asks for a snapshot; called on the request's context
   */
  StreamClient(Context context, HttpServerResponse response, boolean patches, Runnable onDrained) {
    this.context = context;
    this.response = response;
    this.patches = patches;
    this.onDrained = onDrained;
    response.drainHandler(v -> drained());
  }

  boolean wantsPatches() {
    return patches;
  }

  /** Offers a frame that makes sense only after the one before it. */
  void offerFrame(Buffer frame) {
    context.runOnContext(
        v -> {
          if (response.writeQueueFull()) {
            behind = true;
          }
          if (!behind) {
            write(frame);
          }
        });
  }

  /** Writes a snapshot, or any other text that makes sense on its own and is due now. */
  void offerSnapshot(Buffer snapshot) {
    context.runOnContext(
        v -> {
          behind = response.writeQueueFull();
          if (!behind) {
            write(snapshot);
          }
        });
  }

  /** Writes a comment that keeps proxies from closing the stream. */
  void offerComment(Buffer comment) {
    context.runOnContext(
        v -> {
          if (!response.writeQueueFull()) {
            write(comment);
          }
        });
  }

  void end() {
    context.runOnContext(
        v -> {
          if (!ended && !response.closed() && !response.ended()) {
            ended = true;
            response.end();
          }
        });
  }

  private void drained() {
    if (behind) {
      onDrained.run();
    }
  }

  private void write(Buffer buffer) {
    if (!ended && !response.closed() && !response.ended()) {
      response.write(buffer);
    }
  }
}
