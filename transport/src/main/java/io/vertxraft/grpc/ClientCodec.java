package io.vertxraft.grpc;

import static io.vertxraft.peer.Checked.id;
import static io.vertxraft.peer.Checked.number;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.grpc.proto.ClientAnswer;
import io.vertxraft.grpc.proto.ClientCall;
import io.vertxraft.peer.Checked;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import java.util.concurrent.TimeUnit;

/**
 * The wire form of what clients ask and are told, see {@code vertxraft_client.proto}. Stateless.
 */
final class ClientCodec {
  /** The longest a call may be waited for. */
  static final long TIMEOUT_MS_MAX = TimeUnit.DAYS.toMillis(1);

  /** The longest text that says how fresh a read must be. */
  static final int CONSISTENCY_CHARS_MAX = 64;

  /** Upper bound of everything in a call but its body: ids of 64 characters and numbers. */
  private static final int CALL_OVERHEAD_BYTES = 512;

  private ClientCodec() {}

  /** An upper bound of the bytes that a request takes, cheap to compute. */
  static long bytesMax(ClientRequest request) {
    return CALL_OVERHEAD_BYTES + (long) request.body().length();
  }

  static ClientCall encode(String clusterId, String groupId, long callId, ClientRequest request) {
    return ClientCall.newBuilder()
        .setClusterId(clusterId)
        .setGroupId(groupId)
        .setCallId(callId)
        .setKind(
            switch (request.kind()) {
              case COMMAND -> ClientCall.Kind.COMMAND;
              case COMMANDS -> ClientCall.Kind.COMMANDS;
              case OPEN_SESSION -> ClientCall.Kind.OPEN_SESSION;
              case KEEP_ALIVE -> ClientCall.Kind.KEEP_ALIVE;
              case CLOSE_SESSION -> ClientCall.Kind.CLOSE_SESSION;
              case READ -> ClientCall.Kind.READ;
              case RESOLVE -> ClientCall.Kind.RESOLVE;
            })
        .setSessionId(request.sessionId())
        .setSequence(request.sequence())
        .setAcknowledged(request.acknowledged())
        .setConsistency(request.consistency())
        .setTimeoutMs(request.timeoutMs())
        .setBody(UnsafeByteOperations.unsafeWrap(request.body().getBytes()))
        .build();
  }

  static ClientAnswer encode(long callId, ClientReply reply) {
    ClientAnswer.Builder answer =
        ClientAnswer.newBuilder()
            .setCallId(callId)
            .setOutcome(
                switch (reply.outcome()) {
                  case OK -> ClientAnswer.Outcome.OK;
                  case REJECTED -> ClientAnswer.Outcome.REJECTED;
                  case UNKNOWN -> ClientAnswer.Outcome.UNKNOWN;
                  case FAILED -> ClientAnswer.Outcome.FAILED;
                })
            .setReason(reply.reason())
            .setDetail(reply.message())
            .setTerm(reply.term())
            .setIndex(reply.index())
            .setBody(UnsafeByteOperations.unsafeWrap(reply.body().getBytes()));
    if (reply.leaderId() != null) {
      answer.setLeaderId(reply.leaderId());
    }
    return answer.build();
  }

  /**
   * Parses a call as received.
   *
   * @throws ProtocolException if the bytes are none
   */
  static ClientCall parseCall(byte[] bytes) {
    try {
      return ClientCall.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new ProtocolException("call of %d bytes cannot be parsed".formatted(bytes.length), e);
    }
  }

  /**
   * Parses an answer as received.
   *
   * @throws ProtocolException if the bytes are none
   */
  static ClientAnswer parseAnswer(byte[] bytes) {
    try {
      return ClientAnswer.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new ProtocolException("answer of %d bytes cannot be parsed".formatted(bytes.length), e);
    }
  }

  /**
   * The request in a call.
   *
   * @throws ProtocolException if its kind is unknown or a field out of range, naming it
   */
  static ClientRequest request(ClientCall call) {
    ClientRequest.Kind kind =
        switch (call.getKind()) {
          case COMMAND -> ClientRequest.Kind.COMMAND;
          case COMMANDS -> ClientRequest.Kind.COMMANDS;
          case OPEN_SESSION -> ClientRequest.Kind.OPEN_SESSION;
          case KEEP_ALIVE -> ClientRequest.Kind.KEEP_ALIVE;
          case CLOSE_SESSION -> ClientRequest.Kind.CLOSE_SESSION;
          case READ -> ClientRequest.Kind.READ;
          case RESOLVE -> ClientRequest.Kind.RESOLVE;
          case KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw new ProtocolException("kind %d is not known".formatted(call.getKindValue()));
        };
    return new ClientRequest(
        kind,
        number("session_id", call.getSessionId()),
        number("sequence", call.getSequence()),
        number("acknowledged", call.getAcknowledged()),
        Checked.text("consistency", call.getConsistency(), CONSISTENCY_CHARS_MAX),
        Checked.atMost("timeout_ms", call.getTimeoutMs(), TIMEOUT_MS_MAX),
        Buffer.buffer(call.getBody().toByteArray()));
  }

  /**
   * The reply in an answer.
   *
   * @throws ProtocolException if its outcome is unknown or a field out of range, naming it
   */
  static ClientReply reply(ClientAnswer answer) {
    ClientReply.Outcome outcome =
        switch (answer.getOutcome()) {
          case OK -> ClientReply.Outcome.OK;
          case REJECTED -> ClientReply.Outcome.REJECTED;
          case UNKNOWN -> ClientReply.Outcome.UNKNOWN;
          case FAILED -> ClientReply.Outcome.FAILED;
          case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
              throw new ProtocolException(
                  "outcome %d is not known".formatted(answer.getOutcomeValue()));
        };
    return new ClientReply(
        outcome,
        answer.getReason(),
        answer.getDetail(),
        answer.hasLeaderId() ? id("leader_id", answer.getLeaderId()) : null,
        number("term", answer.getTerm()),
        number("index", answer.getIndex()),
        Buffer.buffer(answer.getBody().toByteArray()));
  }
}
