package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.client.Joined;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Envelope;

/** Turns commands into entries to be, within the limits of the group. Thread-safe. */
final class CommandEncoder {
  private final int commandBytesMax;
  private final int compressFromBytes;

  CommandEncoder(RaftOptions options) {
    this.commandBytesMax = options.getCommandBytesMax();
    this.compressFromBytes = options.getCompressFromBytes();
  }

  /**
   * A command by itself.
   *
   * @throws Rejected if it is too large
   */
  byte[] command(Buffer command) {
    requireRoom(command.length());
    if (isWorthDeflating(command)) {
      return envelope(command, false, 0, 0, 0);
    }
    byte[] entry = EntryCodec.allocate(command.length());
    command.getBytes(0, command.length(), entry, EntryCodec.HEADER_BYTES);
    return entry;
  }

  /**
   * A command of a session, or several that are applied together.
   *
   * @param body the command, or several, {@linkplain Joined#of joined}
   * @throws Rejected if it is too large
   */
  byte[] envelope(Buffer body, boolean several, long sessionId, long sequence, long acknowledged) {
    requireRoom(body.length());
    byte[] deflated = isWorthDeflating(body) ? CommandBodies.deflate(body) : null;
    int bytes = deflated == null ? body.length() : deflated.length;
    byte[] entry =
        Envelope.allocate(
            Envelope.Kind.COMMAND,
            several,
            deflated != null,
            sessionId,
            sequence,
            acknowledged,
            bytes);
    if (deflated == null) {
      body.getBytes(0, bytes, entry, Envelope.BODY_AT);
    } else {
      System.arraycopy(deflated, 0, entry, Envelope.BODY_AT, bytes);
    }
    return entry;
  }

  /**
   * What another member has passed on.
   *
   * @throws CorruptEntryException if no member of this version passes on such a thing
   */
  byte[] passedOn(EntryType type, byte[] payload) {
    if (type != EntryType.COMMAND && type != EntryType.ENVELOPE) {
      throw new CorruptEntryException("an entry of type " + type + " is not passed on");
    }
    byte[] entry = EntryCodec.allocate(payload.length, type);
    System.arraycopy(payload, 0, entry, EntryCodec.HEADER_BYTES, payload.length);
    if (type == EntryType.ENVELOPE) {
      Envelope envelope = Envelope.ofUnsealed(entry);
      requireRoom(CommandBodies.bytesOf(envelope));
      // Should it make no sense, it must not get into the log.
      CommandBodies.check(envelope);
    } else {
      requireRoom(payload.length);
    }
    return entry;
  }

  private boolean isWorthDeflating(Buffer body) {
    return compressFromBytes > 0 && body.length() >= compressFromBytes;
  }

  private void requireRoom(int bytes) {
    if (bytes > commandBytesMax) {
      throw new Rejected(
          Rejected.Reason.TOO_LARGE,
          "command of %d bytes exceeds commandBytesMax = %d".formatted(bytes, commandBytesMax),
          null);
    }
  }
}
