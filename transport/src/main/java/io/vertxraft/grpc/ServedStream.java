package io.vertxraft.grpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import io.vertxraft.grpc.proto.ClientCall;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientReply.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * A client's stream at the member's side. While as much is in flight as is allowed, nothing more is
 * read, and flow control holds up the client; a call is in flight until its answer is on its way,
 * so a client that does not read its answers is held up too. Confined to the server's context.
 */
final class ServedStream {
  private static final Logger LOGGER = System.getLogger(ServedStream.class.getName());

  private static final String IDENTITY = "identity";

  private final ContextInternal context;
  private final ClientService service;
  private final ClientLimits limits;
  private final int messageBytesMax;
  private final HttpServerRequest below;
  private final GrpcServerRequest<Buffer, Buffer> request;
  private final GrpcServerResponse<Buffer, Buffer> response;
  private final Runnable whenOver;

  /** What came along with the last call that was allowed. */
  private final Queue<GrpcMessage> backlog = new ArrayDeque<>();

  private int callsInFlight;
  private long bytesInFlight;
  private boolean paused;
  private boolean halfClosed;
  private boolean over;

  /**
   * Creates a stream.
   *
   * @param below carries the stream: pausing the stream itself would let 16 more calls in, of any
   *     size, before it pauses what is below
   * @param whenOver called once, when the stream is over
   */
  ServedStream(
      ContextInternal context,
      ClientService service,
      GrpcTransportOptions options,
      HttpServerRequest below,
      GrpcServerRequest<Buffer, Buffer> request,
      Runnable whenOver) {
    this.context = context;
    this.service = service;
    this.limits = options.getClientLimits();
    this.messageBytesMax = options.getMessageBytesMax();
    this.below = below;
    this.request = request;
    this.response = request.response();
    this.whenOver = whenOver;
  }

  void open() {
    request.invalidMessageHandler(e -> service.tooLarge());
    request.messageHandler(
        message -> {
          backlog.add(message);
          readOn();
        });
    request.exceptionHandler(e -> end());
    request.errorHandler(e -> end());
    request.endHandler(
        v -> {
          halfClosed = true;
          endIfAnswered();
        });
    response.exceptionHandler(e -> end());
    // At once: the client waits for it before it sends anything.
    response.writeHead();
  }

  private void read(GrpcMessage message) {
    int bytes = message.payload().length();
    if (bytes == 0) {
      return;
    }
    ClientCall call;
    try {
      if (!message.encoding().equals(IDENTITY)) {
        // What expands on arrival cannot be bounded beforehand.
        throw new ProtocolException("it is compressed with " + message.encoding());
      }
      call = ClientCodec.parseCall(message.payload().getBytes());
    } catch (ProtocolException e) {
      service.malformed(e.getMessage());
      return;
    }
    callsInFlight++;
    bytesInFlight += bytes;
    service.serve(call).onSuccess(reply -> onContext(() -> answer(call, bytes, reply)));
  }

  private void onContext(Runnable task) {
    try {
      context.runOnContext(v -> task.run());
    } catch (RejectedExecutionException e) {
      LOGGER.log(Level.DEBUG, "the event loop of a client's stream takes no tasks", e);
    }
  }

  /** The answer, or why it cannot be sent. */
  private Buffer bounded(ClientCall call, ClientReply reply) {
    Buffer encoded = encode(call, reply);
    if (encoded.length() <= messageBytesMax) {
      return encoded;
    }
    boolean changesNothing = call.getKind() == ClientCall.Kind.READ;
    String message =
        "the answer of %d bytes is larger than messageBytesMax %d"
            .formatted(encoded.length(), messageBytesMax);
    return encode(
        call,
        new ClientReply(
            changesNothing ? Outcome.REJECTED : Outcome.UNKNOWN,
            changesNothing ? "TOO_LARGE" : "REPLY_FORGOTTEN",
            message,
            reply.leaderId(),
            0,
            0,
            Buffer.buffer()));
  }

  private static Buffer encode(ClientCall call, ClientReply reply) {
    return Buffer.buffer(ClientCodec.encode(call.getCallId(), reply).toByteArray());
  }

  private void answer(ClientCall call, int callBytes, ClientReply reply) {
    if (over) {
      return;
    }
    Buffer encoded = bounded(call, reply);
    bytesInFlight += encoded.length();
    try {
      response
          .write(encoded)
          .onComplete(
              written -> {
                callsInFlight--;
                bytesInFlight -= callBytes + (long) encoded.length();
                readOn();
                endIfAnswered();
              });
    } catch (IllegalStateException e) {
      // The stream has just failed; its handlers hear of it.
      LOGGER.log(Level.TRACE, "a client's stream was over before its answer", e);
    }
  }

  private boolean isFull() {
    return callsInFlight >= limits.getCallsInFlightMax()
        || bytesInFlight >= limits.getBytesInFlightMax();
  }

  /** Takes what has come as far as it is allowed, and no more from the network than that. */
  private void readOn() {
    while (!over && !isFull() && !backlog.isEmpty()) {
      read(backlog.remove());
    }
    if (isFull() != paused && !over) {
      paused = !paused;
      if (paused) {
        below.pause();
      } else {
        below.resume();
      }
    }
  }

  /** A client that sends nothing more still gets all its answers. */
  private void endIfAnswered() {
    if (halfClosed && callsInFlight == 0 && backlog.isEmpty() && !over) {
      end();
      try {
        response.status(GrpcStatus.OK).end();
      } catch (IllegalStateException e) {
        LOGGER.log(Level.TRACE, "a client's stream was over before it was ended", e);
      }
    }
  }

  private void end() {
    if (!over) {
      over = true;
      backlog.clear();
      whenOver.run();
    }
  }
}
