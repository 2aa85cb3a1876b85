package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.IntFunction;

/**
 * Reads request bodies into memory, each up to a limit and all together up to a budget. A body that
 * announces its length is admitted or refused before it is read; what is refused is never kept.
 * Confined to the HTTP context.
 */
final class BodyReader {
  /** A refused body is read and dropped up to this length, so that its sender sees the answer. */
  static final long DISCARD_BYTES_MAX = 1024 * 1024;

  /** A connection whose request will not be read to its end stays open for so long. */
  private static final long LINGER_MS = 1_000;

  private static final int CHUNKED_ROOM_BYTES = 4 * 1024;

  private final Vertx vertx;
  private final int bodyBytesMax;
  private final long bytesInFlightMax;
  private long bytesInFlight;

  BodyReader(Vertx vertx, int bodyBytesMax, long bytesInFlightMax) {
    this.vertx = vertx;
    this.bodyBytesMax = bodyBytesMax;
    this.bytesInFlightMax = bytesInFlightMax;
  }

  /** A body that counts against the budget until it is released. */
  final class Body {
    private final HttpServerRequest request;
    private final Promise<Body> promise = Promise.promise();
    private Buffer bytes = Buffer.buffer();
    private long reserved;
    private long arrived;
    private boolean refused;
    private long discarded;

    private Body(HttpServerRequest request) {
      this.request = request;
    }

    /** The head with the body behind it; empty once released. */
    Buffer bytes() {
      return bytes;
    }

    /** Gives the bytes back to the budget. Idempotent. */
    void release() {
      bytesInFlight -= reserved;
      reserved = 0;
      bytes = Buffer.buffer();
    }

    private void begin(long announced, IntFunction<Buffer> head) {
      if (announced > bodyBytesMax) {
        refuse(
            413,
            "value has %d bytes, allowed are %d".formatted(announced, bodyBytesMax),
            announced);
      } else if (reserve(announced)) {
        bytes = head.apply(announced == 0 ? CHUNKED_ROOM_BYTES : (int) announced);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
          request.response().writeContinue();
        }
      }
    }

    private void add(Buffer chunk) {
      arrived += chunk.length();
      if (refused) {
        discard(chunk.length());
      } else if (arrived > bodyBytesMax) {
        refuse(413, "value has more than %d bytes".formatted(bodyBytesMax), 0);
      } else if (reserve(arrived)) {
        bytes.appendBuffer(chunk);
      }
    }

    /** Makes the reservation at least so large, or refuses the body. */
    private boolean reserve(long wanted) {
      long more = Math.max(0, wanted - reserved);
      if (bytesInFlight + more > bytesInFlightMax) {
        refuse(503, "too many bytes of values are on their way in; try again", wanted);
        return false;
      }
      reserved += more;
      bytesInFlight += more;
      return true;
    }

    private void refuse(int status, String message, long announced) {
      refused = true;
      release();
      if (announced > DISCARD_BYTES_MAX) {
        // Closed at once, the client could lose the answer while it still sends.
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        vertx.setTimer(LINGER_MS, id -> request.connection().close());
      }
      promise.tryFail(Problem.rejected(status, message));
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
   * @param head gives what {@link Body#bytes} begins with, with room for a body of so many bytes
   * @return the body, to be released by the caller; fails with a {@link Problem} if it exceeds a
   *     limit or does not arrive whole
   */
  Future<Body> read(HttpServerRequest request, IntFunction<Buffer> head) {
    Body body = new Body(request);
    request.handler(body::add);
    request.exceptionHandler(body::broken);
    request.endHandler(end -> body.promise.tryComplete(body));
    body.begin(announcedBytes(request), head);
    return body.promise.future();
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
