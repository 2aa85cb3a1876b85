package io.vertxraft.spi;

/**
 * Where a member of a group listens for its peers.
 *
 * @param nodeId the member
 * @param host host name or address
 * @param port TCP port
 */
public record PeerAddress(String nodeId, String host, int port) {
  @Override
  public String toString() {
    return nodeId + "=" + host + ":" + port;
  }
}
