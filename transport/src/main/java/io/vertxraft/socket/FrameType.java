package io.vertxraft.socket;

/** The types of frames. */
final class FrameType {
  static final byte ENVELOPE = 0;
  static final byte APPEND_ENTRIES = 1;
  static final byte APPEND_ENTRIES_REPLY = 2;
  static final byte HEARTBEAT = 3;
  static final byte HEARTBEAT_REPLY = 4;
  static final byte PING = 5;
  static final byte PONG = 6;

  private FrameType() {}
}
