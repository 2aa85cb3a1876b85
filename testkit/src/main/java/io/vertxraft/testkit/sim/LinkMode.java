package io.vertxraft.testkit.sim;

/** What a link between two nodes promises. */
public enum LinkMode {
  /** Each message on its own: lost, repeated and overtaken singly. */
  DATAGRAM,
  /**
   * A connection, as TCP gives: messages arrive in the order of sending and none is lost singly;
   * when one is lost the connection is reset, and all that is in flight on it is lost with it. It
   * has two lanes, so that votes and heartbeats overtake bulk data, and ends with the receiver's
   * process.
   */
  CONNECTION
}
