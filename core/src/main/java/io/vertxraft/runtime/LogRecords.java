package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.LogRecord;
import io.vertxraft.LogRecord.Kind;
import io.vertxraft.protocol.Envelope;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayList;
import java.util.List;

/** Puts entries into the words of the API. Any thread: it takes as long as there are bytes. */
final class LogRecords {
  private LogRecords() {}

  static List<LogRecord> of(List<LogEntry> entries) {
    return entries.stream().map(LogRecords::of).toList();
  }

  private static LogRecord of(LogEntry entry) {
    return switch (entry.type()) {
      case NO_OP -> plain(entry, Kind.NO_OP, List.of());
      case CONFIGURATION -> plain(entry, Kind.CONFIGURATION, List.of());
      case COMMAND ->
          plain(
              entry,
              Kind.COMMAND,
              List.of(
                  Buffer.buffer()
                      .appendBytes(entry.encoded(), entry.payloadOffset(), entry.payloadBytes())));
      case ENVELOPE -> enveloped(entry, Envelope.of(entry));
    };
  }

  private static LogRecord plain(LogEntry entry, Kind kind, List<Buffer> commands) {
    return new LogRecord(entry.index(), entry.term(), kind, entry.encodedBytes(), 0, commands);
  }

  private static LogRecord enveloped(LogEntry entry, Envelope envelope) {
    List<Buffer> commands = new ArrayList<>();
    boolean command = envelope.kind() == Envelope.Kind.COMMAND;
    if (command) {
      for (CommandBodies.Part part : CommandBodies.commandsOf(envelope)) {
        commands.add(Buffer.buffer().appendBytes(part.bytes(), part.from(), part.length()));
      }
    }
    return new LogRecord(
        entry.index(),
        entry.term(),
        command ? Kind.COMMAND : Kind.SESSION,
        entry.encodedBytes(),
        envelope.sessionId(),
        commands);
  }
}
