package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.RaftException;
import io.vertxraft.RaftOptions;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.spi.ClientRequest;

/**
 * Does what clients ask for: those of this process through {@code RaftNode}, and those that come
 * over a network. May be called on any thread.
 */
final class ClientDesk {
  private final RaftOptions options;
  private final CommandEncoder encoder;
  private final Proposals proposals;
  private final Reads reads;

  ClientDesk(RaftOptions options, Proposals proposals, Reads reads) {
    this.options = options;
    this.encoder = new CommandEncoder(options);
    this.proposals = proposals;
    this.reads = reads;
  }

  /** The usual case: a command by itself. */
  Future<Buffer> apply(Buffer command, long timeoutMs) {
    try {
      return proposals.offer(encoder.command(command), timeoutMs);
    } catch (RaftException e) {
      return Future.failedFuture(e);
    }
  }

  /** Fails with a {@link RaftException}, or with what the state machine says to a query. */
  Future<Buffer> execute(ClientRequest request) {
    try {
      return switch (request.kind()) {
        case READ -> reads.offer(Consistency.parse(request.consistency()), request.body());
        case RESOLVE -> reads.offer(new Read.Place(request.sequence(), request.acknowledged()));
        default -> proposals.offer(entry(request), request.timeoutMs());
      };
    } catch (RaftException e) {
      return Future.failedFuture(e);
    } catch (CorruptEntryException e) {
      return Future.failedFuture(new IllegalArgumentException(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
  }

  private byte[] entry(ClientRequest request) {
    return switch (request.kind()) {
      case COMMAND ->
          request.sessionId() == 0 ? encoder.command(request.body()) : inSession(request, false);
      case COMMANDS -> {
        byte[] entry = inSession(request, true);
        CommandBodies.check(Envelope.ofUnsealed(entry));
        yield entry;
      }
      case OPEN_SESSION -> {
        if (request.sequence() < 1 || request.sequence() > SessionTable.KEPT_MS_MAX) {
          throw new IllegalArgumentException(
              "a session is to be kept for %d ms, allowed is 1 to %d"
                  .formatted(request.sequence(), SessionTable.KEPT_MS_MAX));
        }
        yield Envelope.openSession(
            new Envelope.SessionTerms(
                request.sequence(),
                options.getSessions().getCountMax(),
                options.getSessions().getReplyBytesMax()));
      }
      case KEEP_ALIVE -> news(Envelope.Kind.KEEP_ALIVE, request);
      case CLOSE_SESSION -> news(Envelope.Kind.CLOSE_SESSION, request);
      case READ, RESOLVE -> throw new IllegalArgumentException(request.kind() + " is no command");
    };
  }

  private byte[] inSession(ClientRequest request, boolean several) {
    return encoder.envelope(
        request.body(), several, request.sessionId(), request.sequence(), request.acknowledged());
  }

  private static byte[] news(Envelope.Kind kind, ClientRequest request) {
    return Envelope.allocate(kind, false, false, request.sessionId(), 0, request.acknowledged(), 0);
  }
}
