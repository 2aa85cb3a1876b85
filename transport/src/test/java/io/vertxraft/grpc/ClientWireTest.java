package io.vertxraft.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.grpc.proto.ClientAnswer;
import io.vertxraft.grpc.proto.ClientCall;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.peer.RandomMessages;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientReply.Outcome;
import io.vertxraft.spi.ClientRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What clients of earlier versions send stays readable, and what they read stays what is sent: one
 * line of the golden file per call and answer.
 */
class ClientWireTest {
  private static final int MESSAGES_PER_SEED = 400;

  private static final List<ClientRequest> REQUESTS =
      List.of(
          ClientRequest.commands(false, 7, 3, 2, 5_000, Buffer.buffer("put")),
          ClientRequest.commands(true, 7, 4, 2, 5_000, Buffer.buffer("\0\0\0\1a\0\0\0\1b")),
          ClientRequest.openSession(60_000, 5_000),
          ClientRequest.keepAlive(7, 5, 5_000),
          ClientRequest.closeSession(7, 5_000),
          ClientRequest.read("bounded:50", 100, Buffer.buffer("get")),
          ClientRequest.resolve(9, 300, 0));

  private static final List<ClientReply> REPLIES =
      List.of(
          new ClientReply(Outcome.OK, "", "", "n3", 0, 0, Buffer.buffer("done")),
          new ClientReply(Outcome.REJECTED, "NOT_LEADER", "no", null, 0, 0, Buffer.buffer()),
          new ClientReply(Outcome.UNKNOWN, "DEADLINE", "late", "n3", 9, 300, Buffer.buffer()),
          new ClientReply(Outcome.FAILED, "", "no such key", "n3", 0, 0, Buffer.buffer()));

  static LongStream seeds() {
    long first = Long.getLong("noise.first", 1);
    return LongStream.range(first, first + Integer.getInteger("noise.seeds", 25));
  }

  @Test
  void everyCallAndAnswerIsSentAsItWasAlwaysSent() throws IOException {
    List<String> lines = new ArrayList<>();
    REQUESTS.forEach(
        request ->
            lines.add(
                line(
                    request.kind().name(),
                    ClientCodec.encode("shop", "orders", 11, request).toByteArray())));
    REPLIES.forEach(
        reply ->
            lines.add(line(reply.outcome().name(), ClientCodec.encode(11, reply).toByteArray())));
    assertThat(lines).isEqualTo(golden());
  }

  @Test
  void whatWasAlwaysSentIsRead() throws IOException {
    List<String> lines = golden();
    assertThat(lines).hasSize(REQUESTS.size() + REPLIES.size());
    for (int i = 0; i < REQUESTS.size(); i++) {
      ClientCall call = ClientCodec.parseCall(bytes(lines.get(i)));
      assertThat(call.getClusterId()).isEqualTo("shop");
      assertThat(call.getGroupId()).isEqualTo("orders");
      assertThat(call.getCallId()).isEqualTo(11);
      assertThat(ClientCodec.request(call)).isEqualTo(REQUESTS.get(i));
    }
    for (int i = 0; i < REPLIES.size(); i++) {
      ClientAnswer answer = ClientCodec.parseAnswer(bytes(lines.get(REQUESTS.size() + i)));
      assertThat(answer.getCallId()).isEqualTo(11);
      assertThat(ClientCodec.reply(answer)).isEqualTo(REPLIES.get(i));
    }
  }

  @Test
  void everyKindAndOutcomeHasALine() {
    assertThat(REQUESTS.stream().map(ClientRequest::kind))
        .containsExactlyInAnyOrder(ClientRequest.Kind.values());
    assertThat(REPLIES.stream().map(ClientReply::outcome))
        .containsExactlyInAnyOrder(Outcome.values());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverIsSentIsReadAgainAndFitsItsBound(long seed) {
    RandomMessages random = new RandomMessages(seed, "g");
    String id = "i".repeat(64);
    for (int i = 0; i < MESSAGES_PER_SEED; i++) {
      ClientRequest request = random.clientRequest();
      byte[] call = ClientCodec.encode(id, id, seed * i, request).toByteArray();
      assertThat(ClientCodec.request(ClientCodec.parseCall(call))).isEqualTo(request);
      assertThat((long) call.length).isLessThanOrEqualTo(ClientCodec.bytesMax(request));
      ClientReply reply = random.clientReply();
      byte[] answer = ClientCodec.encode(seed * i, reply).toByteArray();
      assertThat(ClientCodec.reply(ClientCodec.parseAnswer(answer))).isEqualTo(reply);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedCallsAndAnswersAreWithinTheirBoundsOrNamed(long seed) {
    RandomMessages random = new RandomMessages(seed, "g");
    int read = 0;
    int refused = 0;
    for (int i = 0; i < MESSAGES_PER_SEED; i++) {
      byte[] call = ClientCodec.encode("c", "g", i, random.clientRequest()).toByteArray();
      byte[] answer = ClientCodec.encode(i, random.clientReply()).toByteArray();
      try {
        assertWithinBounds(ClientCodec.request(ClientCodec.parseCall(random.damage(call))));
        assertWithinBounds(ClientCodec.reply(ClientCodec.parseAnswer(random.damage(answer))));
        read++;
      } catch (ProtocolException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(read).as("some survive").isPositive();
    assertThat(refused).as("many do not").isPositive();
  }

  private static void assertWithinBounds(ClientRequest request) {
    assertThat(request.timeoutMs()).isBetween(0L, ClientCodec.TIMEOUT_MS_MAX);
    assertThat(request.consistency().length())
        .isLessThanOrEqualTo(ClientCodec.CONSISTENCY_CHARS_MAX);
    assertThat(List.of(request.sessionId(), request.sequence(), request.acknowledged()))
        .allMatch(number -> number >= 0);
  }

  private static void assertWithinBounds(ClientReply reply) {
    assertThat(List.of(reply.term(), reply.index())).allMatch(number -> number >= 0);
    if (reply.leaderId() != null) {
      assertThat(reply.leaderId()).matches("[A-Za-z0-9._-]{1,64}");
    }
  }

  @Test
  void whatIsOutOfRangeIsNamed() {
    ClientCall call = ClientCodec.encode("c", "g", 1, REQUESTS.get(0));
    refused(call.toBuilder().setSessionId(-1), "session_id 18446744073709551615 is out of range");
    refused(call.toBuilder().setSequence(-2), "sequence 18446744073709551614 is out of range");
    refused(call.toBuilder().setAcknowledged(-1), "acknowledged 18446744073709551615");
    refused(call.toBuilder().setTimeoutMs(-1), "timeout_ms 18446744073709551615 is not within 0..");
    refused(
        call.toBuilder().setConsistency("x".repeat(65)),
        "consistency has 65 characters, at most 64 are allowed");
    refused(call.toBuilder().setKindValue(99), "kind 99 is not known");
    ClientAnswer answer = ClientCodec.encode(1, REPLIES.get(2));
    refused(answer.toBuilder().setOutcomeValue(9), "outcome 9 is not known");
    refused(answer.toBuilder().setLeaderId(" "), "leader_id is not an id");
    refused(answer.toBuilder().setTerm(-1), "term 18446744073709551615 is out of range");
    refused(answer.toBuilder().setIndex(-1), "index 18446744073709551615 is out of range");
    assertThatThrownBy(() -> ClientCodec.parseCall(new byte[] {10, 127, 1}))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("call of 3 bytes cannot be parsed");
    assertThatThrownBy(() -> ClientCodec.parseAnswer(new byte[] {10, 127, 1}))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("answer of 3 bytes cannot be parsed");
  }

  private static void refused(ClientCall.Builder call, String why) {
    assertThatThrownBy(() -> ClientCodec.request(call.build()))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(why);
  }

  private static void refused(ClientAnswer.Builder answer, String why) {
    assertThatThrownBy(() -> ClientCodec.reply(answer.build()))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(why);
  }

  @Test
  void fieldsOfLaterVersionsAreSkipped() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(1_000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    ClientCall call =
        ClientCodec.encode("c", "g", 1, REQUESTS.get(0)).toBuilder()
            .setUnknownFields(later)
            .build();
    assertThat(ClientCodec.request(ClientCodec.parseCall(call.toByteArray())))
        .isEqualTo(REQUESTS.get(0));
  }

  private static String line(String name, byte[] bytes) {
    return name + " " + HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String line) {
    return HexFormat.of().parseHex(line.split(" ", -1)[1]);
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = ClientWireTest.class.getResourceAsStream("/golden/client-1.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
