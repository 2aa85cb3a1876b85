package io.vertxraft.testkit.sim;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.testkit.ChainHash;

/**
 * A command of {@link SimStateMachine}: an operation on one of its keys.
 *
 * @param operation what to do; one that the key's {@link KeyModel} takes
 * @param client who sends it
 * @param sequence unique per client
 * @param key which key
 * @param value operand; without meaning for a read
 * @param expected what a compare-and-set must find; without meaning for others
 * @param padding further bytes, to make commands large
 */
public record SimCommand(
    Operation operation,
    int client,
    long sequence,
    int key,
    long value,
    long expected,
    int padding) {
  private static final int SEQUENCE_AT = 5;
  private static final int KEY_AT = 13;
  private static final int VALUE_AT = 17;
  private static final int EXPECTED_AT = 25;
  private static final int FIXED_BYTES = 33;
  private static final Operation[] OPERATIONS = Operation.values();

  /** What a command does to its key. */
  public enum Operation {
    /** Sets a register; the reply has the value before. */
    PUT,
    /** Reads a key through the log; the reply has its value, or a list's elements. */
    GET,
    /** Sets a register if it has the expected value; the reply has the value before. */
    CAS,
    /** Appends to a list; the reply has its size after. */
    APPEND,
    /** Adds to a counter; the reply has the value after. Applied twice, it shows. */
    ADD
  }

  /** The command's bytes. */
  public Buffer encode() {
    byte[] bytes = new byte[FIXED_BYTES + padding];
    return Buffer.buffer(bytes)
        .setByte(0, (byte) operation.ordinal())
        .setInt(1, client)
        .setLong(SEQUENCE_AT, sequence)
        .setInt(KEY_AT, key)
        .setLong(VALUE_AT, value)
        .setLong(EXPECTED_AT, expected);
  }

  /** Reads a command's bytes. */
  public static SimCommand decode(Buffer bytes) {
    return new SimCommand(
        OPERATIONS[bytes.getByte(0)],
        bytes.getInt(1),
        bytes.getLong(SEQUENCE_AT),
        bytes.getInt(KEY_AT),
        bytes.getLong(VALUE_AT),
        bytes.getLong(EXPECTED_AT),
        bytes.length() - FIXED_BYTES);
  }

  /** Hash of the command's bytes, as {@link ChainHash#payload} gives it for its log entry. */
  public long payloadHash() {
    return ChainHash.bytes(encode().getBytes());
  }
}
