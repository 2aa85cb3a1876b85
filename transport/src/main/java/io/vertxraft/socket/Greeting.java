package io.vertxraft.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What each end of a connection says first. See the package for its format. */
final class Greeting {
  /** The key of the kind of stream that the opener wants. */
  static final String STREAM = "raft-stream";

  /** The key of a refusal's status; absent if the opener is welcome. */
  static final String STATUS = "raft-status";

  /** The key of a refusal's reason. */
  static final String MESSAGE = "raft-message";

  /** Bytes of the magic and of the text's length. */
  static final int HEADER_BYTES = 10;

  private static final int TEXT_BYTES_MAX = 4_096;
  private static final int MESSAGE_CHARS_MAX = 1_000;

  /**
   * Whoever waits for a line of text gets one, and an empty one, so that it answers and does not
   * wait for more.
   */
  private static final byte[] MAGIC = "RAFT\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** How an HTTP/2 client, an HTTP/1 client and a server of either begin. */
  private static final List<String> HTTP = List.of("PRI * HTTP/2", "POST /", "HTTP/1.", "GET /");

  private static final byte TLS_HANDSHAKE = 22;
  private static final byte TLS_ALERT = 21;
  private static final byte HTTP2_SETTINGS = 4;
  private static final int HTTP2_TYPE_AT = 3;

  private Greeting() {}

  /** A refusal as the listener says it. */
  static MultiMap refusal(Handshake.Refusal refusal) {
    String text = refusal.message().replace('\n', ' ');
    return MultiMap.caseInsensitiveMultiMap()
        .set(STATUS, refusal.status().name())
        .set(MESSAGE, text.substring(0, Math.min(text.length(), MESSAGE_CHARS_MAX)));
  }

  /** The wire form. */
  static ByteBuf encode(MultiMap keys) {
    StringBuilder text = new StringBuilder();
    keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Unpooled.buffer(HEADER_BYTES + bytes.length)
        .writeBytes(MAGIC)
        .writeShort(bytes.length)
        .writeBytes(bytes);
  }

  /**
   * How long the greeting is that begins here.
   *
   * @return its bytes, header included, or -1 if there is too little to tell
   * @throws ProtocolException if it is none, as soon as that shows
   */
  static int length(ByteBuf in) {
    int start = in.readerIndex();
    int known = in.readableBytes();
    for (int i = 0; i < Math.min(known, MAGIC.length); i++) {
      if (in.getByte(start + i) != MAGIC[i]) {
        throw new ProtocolException(whatElse(in));
      }
    }
    if (known < HEADER_BYTES) {
      return -1;
    }
    int textBytes = in.getUnsignedShort(start + MAGIC.length);
    if (textBytes > TEXT_BYTES_MAX) {
      throw new ProtocolException("it greets with %d bytes of text".formatted(textBytes));
    }
    return HEADER_BYTES + textBytes;
  }

  /** Reads a whole greeting. */
  static MultiMap decode(ByteBuf in, int length) {
    String text =
        in.toString(in.readerIndex() + HEADER_BYTES, length - HEADER_BYTES, StandardCharsets.UTF_8);
    MultiMap keys = MultiMap.caseInsensitiveMultiMap();
    text.lines()
        .forEach(
            line -> {
              int at = line.indexOf('=');
              if (at > 0) {
                keys.set(line.substring(0, at), line.substring(at + 1));
              }
            });
    return keys;
  }

  /** What the other end speaks instead, as far as that shows. */
  private static String whatElse(ByteBuf in) {
    int start = in.readerIndex();
    int known = in.readableBytes();
    String text = in.toString(start, Math.min(known, 16), StandardCharsets.ISO_8859_1);
    boolean settings = known > HTTP2_TYPE_AT && in.getByte(start + HTTP2_TYPE_AT) == HTTP2_SETTINGS;
    if (settings || HTTP.stream().anyMatch(s -> s.startsWith(text) || text.startsWith(s))) {
      return "it speaks HTTP, as members with the gRPC transport do: all members need the same"
          + " transport";
    }
    byte first = in.getByte(start);
    if (first == TLS_HANDSHAKE || first == TLS_ALERT) {
      return "it speaks TLS, which is not set up here: all members need keyCertOptions and"
          + " trustOptions, or none";
    }
    return "its first bytes are not those of a member with this transport";
  }
}
