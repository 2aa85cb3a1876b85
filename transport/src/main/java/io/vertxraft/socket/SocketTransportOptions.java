package io.vertxraft.socket;

import io.vertx.core.json.JsonObject;
import io.vertxraft.peer.PeerTransportOptions;

/**
 * Everything one can set about the socket transport. Each bound has a default and its unit in its
 * name. {@link #validate()} is called when a transport is created.
 */
public class SocketTransportOptions extends PeerTransportOptions<SocketTransportOptions> {
  /** Options with all defaults, which suit most uses. */
  public SocketTransportOptions() {}

  /** Copies options. */
  public SocketTransportOptions(SocketTransportOptions other) {
    this(other.toJsonWithoutTls());
    copyTls(other);
  }

  /**
   * Reads options from JSON; absent properties keep their defaults. TLS is configured by {@code
   * keyCertOptions} and {@code trustOptions}: each an object with a {@code type}, which is {@code
   * pem}, {@code jks} or {@code pfx}, and the properties of the Vert.x options of that type.
   *
   * @throws IllegalArgumentException if such a type is unknown
   */
  public SocketTransportOptions(JsonObject json) {
    super(json);
  }

  @Override
  protected SocketTransportOptions self() {
    return this;
  }
}
