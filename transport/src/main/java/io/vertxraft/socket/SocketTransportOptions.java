package io.vertxraft.socket;

import io.vertx.core.json.JsonObject;
import io.vertxraft.peer.PeerTransportOptions;

/**
 * Everything one can set about the socket transport. Each bound has a default and its unit in its
 * name. {@link #validate()} is called when a transport is created.
 */
public class SocketTransportOptions extends PeerTransportOptions<SocketTransportOptions> {
  /** Default {@link #isOwnEventLoops()}: {@value}. */
  public static final boolean DEFAULT_OWN_EVENT_LOOPS = false;

  private boolean ownEventLoops = DEFAULT_OWN_EVENT_LOOPS;

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
    ownEventLoops = json.getBoolean("ownEventLoops", ownEventLoops);
  }

  @Override
  protected SocketTransportOptions self() {
    return this;
  }

  @Override
  protected JsonObject toJsonWithoutTls() {
    return super.toJsonWithoutTls().put("ownEventLoops", ownEventLoops);
  }

  /**
   * Whether peer traffic gets event loops of its own. If not, it is handled on the event loop on
   * which the first group joins: a message wakes no other thread on its way, which is cheapest for
   * a node with one group. A node with many busy groups uses more cores with loops of its own.
   * Content of snapshots that this node fetches has its own loop in any case.
   */
  public boolean isOwnEventLoops() {
    return ownEventLoops;
  }

  /** Sets {@link #isOwnEventLoops()}. */
  public SocketTransportOptions setOwnEventLoops(boolean ownEventLoops) {
    this.ownEventLoops = ownEventLoops;
    return this;
  }
}
