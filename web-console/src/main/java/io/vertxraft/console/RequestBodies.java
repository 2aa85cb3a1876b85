package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Reads small bodies, whether or not a handler of the application has read them already. */
final class RequestBodies {
  private RequestBodies() {}

  /** A body has more bytes than are taken. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge(int bytesMax) {
      super("the body is larger than %d bytes".formatted(bytesMax), null, false, false);
    }
  }

  /** The body; fails with {@link TooLarge}. To be called before anything else is waited for. */
  static Future<Buffer> read(RoutingContext context, int bytesMax) {
    if (context.body() != null && context.body().available()) {
      Buffer body = context.body().buffer();
      return body != null && body.length() > bytesMax
          ? Future.failedFuture(new TooLarge(bytesMax))
          : Future.succeededFuture(body == null ? Buffer.buffer() : body);
    }
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      return Future.succeededFuture(Buffer.buffer());
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        piece -> {
          if (body.length() + piece.length() > bytesMax) {
            whole.tryFail(new TooLarge(bytesMax));
          } else {
            body.appendBuffer(piece);
          }
        });
    request.endHandler(v -> whole.tryComplete(body));
    request.exceptionHandler(whole::tryFail);
    request.resume();
    return whole.future();
  }
}
