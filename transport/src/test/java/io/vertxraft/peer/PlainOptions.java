package io.vertxraft.peer;

/** The options that all transports have. */
final class PlainOptions extends PeerTransportOptions<PlainOptions> {
  @Override
  protected PlainOptions self() {
    return this;
  }
}
