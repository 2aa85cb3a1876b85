package io.vertxraft;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Turns values into bytes and back, for commands and replies.
 *
 * <p>The bytes of commands stand in the log and are read again after a restart, by later versions
 * of the application too: a codec must read what earlier versions wrote, and must be the same on
 * every member and for every caller. Instances are used on several contexts at once.
 *
 * <p>Protobuf, and anything else that has a pair of methods, is a line:
 *
 * <pre>{@code
 * Codec<Order> orders = Codec.of(o -> Buffer.buffer(o.toByteArray()), b -> Order.parseFrom(b.getBytes()));
 * Codec<User> users = Codec.of(u -> u.toJson().toBuffer(), b -> new User(b.toJsonObject())); // @DataObject
 * }</pre>
 *
 * @param <T> the values
 */
public interface Codec<T> {
  /**
   * The bytes of a value.
   *
   * @throws Exception if it has none
   */
  Buffer encode(T value) throws Exception;

  /**
   * The value of some bytes, all of them.
   *
   * @throws Exception if they are not the bytes of a value
   */
  T decode(Buffer bytes) throws Exception;

  /** One direction of a codec. */
  @FunctionalInterface
  interface Step<A, B> {
    /** Gives the other form; may throw anything if there is none. */
    B apply(A value) throws Exception;
  }

  /** A codec of two functions. */
  static <T> Codec<T> of(Step<? super T, Buffer> encoder, Step<Buffer, ? extends T> decoder) {
    Objects.requireNonNull(encoder, "encoder");
    Objects.requireNonNull(decoder, "decoder");
    return new Codec<>() {
      @Override
      public Buffer encode(T value) throws Exception {
        return encoder.apply(value);
      }

      @Override
      public T decode(Buffer bytes) throws Exception {
        return decoder.apply(bytes);
      }
    };
  }

  /** A codec of the event bus, one that receives the type it sends. */
  static <T> Codec<T> of(MessageCodec<T, T> messageCodec) {
    Objects.requireNonNull(messageCodec, "messageCodec");
    return of(
        value -> {
          Buffer bytes = Buffer.buffer();
          messageCodec.encodeToWire(bytes, value);
          return bytes;
        },
        bytes -> messageCodec.decodeFromWire(0, bytes));
  }

  /** Bytes as they are. */
  static Codec<Buffer> buffer() {
    return of(value -> value, bytes -> bytes);
  }

  /** Text in UTF-8. */
  static Codec<String> string() {
    return of(Buffer::buffer, bytes -> bytes.toString(StandardCharsets.UTF_8));
  }

  /** JSON objects as text. */
  static Codec<JsonObject> json() {
    return of(JsonObject::toBuffer, Buffer::toJsonObject);
  }

  /**
   * Objects of a class as JSON text, by {@link JsonObject#mapFrom} and {@link JsonObject#mapTo}.
   *
   * @throws IllegalStateException if Jackson Databind, which does that, is not on the class path
   */
  static <T> Codec<T> json(Class<T> type) {
    Objects.requireNonNull(type, "type");
    try {
      JsonObject.mapFrom(new JsonObject()).mapTo(Object.class);
    } catch (DecodeException | IllegalArgumentException | LinkageError e) {
      throw new IllegalStateException(
          "Codec.json(%s) maps by Jackson Databind, which is not there (%s): add"
                  .formatted(type.getSimpleName(), e.getMessage())
              + " com.fasterxml.jackson.core:jackson-databind, or use"
              + " Codec.of(value -> value.toJson().toBuffer(), bytes -> new X(bytes.toJsonObject()))",
          e);
    }
    return of(
        value -> JsonObject.mapFrom(value).toBuffer(), bytes -> bytes.toJsonObject().mapTo(type));
  }
}
