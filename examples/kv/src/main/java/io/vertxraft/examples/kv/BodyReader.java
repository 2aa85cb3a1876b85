package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads request bodies into memory, each up to a limit and all together up to a budget. What lies
 * beyond is never kept. Confined to the HTTP context.
 */
final class BodyReader {
  /** A refused body is read and dropped up to this length, so that its sender sees the answer. */
  private static final long DISCARD_BYTES_MAX = 64L * 1024 * 1024;

  private final int bodyBytesMax;
  private final long bytesInFlightMax;
  private long bytesInFlight;

  BodyReader(int bodyBytesMax, long bytesInFlightMax) {
    this.bodyBytesMax = bodyBytesMax;
    this.bytesInFlightMax = bytesInFlightMax;
  }

  /** A body that counts against the budget until it is released. */
  final class Body {
    private final HttpServerRequest request;
    private final Promise<Body> promise = Promise.promise();
    private Buffer bytes = Buffer.buffer();
    private boolean refused;
    private long discarded;

    private Body(HttpServerRequest request) {
      this.request = request;
    }

    /** The bytes; empty once released. */
    Buffer bytes() {
      return bytes;
    }

    /** Gives the bytes back to the budget. Idempotent. */
    void release() {
      bytesInFlight -= bytes.length();
      bytes = Buffer.buffer();
    }

    private void add(Buffer chunk) {
      if (refused) {
        discard(chunk.length());
      } else if (bytes.length() + (long) chunk.length() > bodyBytesMax) {
        refuse(tooLarge("value has more than %d bytes".formatted(bodyBytesMax)));
      } else if (bytesInFlight + chunk.length() > bytesInFlightMax) {
        refuse(Problem.rejected(503, "too many bytes of values are on their way in; try again"));
      } else {
        bytesInFlight += chunk.length();
        bytes.appendBuffer(chunk);
      }
    }

    private void refuse(Problem problem) {
      refused = true;
      release();
      promise.tryFail(problem);
    }

    private void discard(int length) {
      discarded += length;
      if (discarded > DISCARD_BYTES_MAX) {
        request.connection().close();
      }
    }

    private void broken(Throwable cause) {
      release();
      promise.tryFail(
          Problem.rejected(400, "the value did not arrive whole: " + cause.getMessage()));
    }
  }

  /**
   * Reads a body. To be called in the same turn in which the request arrives.
   *
   * @return the body, to be released by the caller; fails with a {@link Problem} if it exceeds a
   *     limit or does not arrive whole
   */
  Future<Body> read(HttpServerRequest request) {
    Body body = new Body(request);
    long announced = announcedBytes(request);
    request.handler(body::add);
    request.exceptionHandler(body::broken);
    request.endHandler(end -> body.promise.tryComplete(body));
    if (announced > bodyBytesMax) {
      body.refuse(
          tooLarge("value has %d bytes, allowed are %d".formatted(announced, bodyBytesMax)));
    } else if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    return body.promise.future();
  }

  private static Problem tooLarge(String message) {
    return Problem.rejected(413, message);
  }

  private static long announcedBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length.trim());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
