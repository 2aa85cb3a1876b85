package io.vertxraft.grpc;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.ServiceMethod;
import io.vertxraft.peer.Dialer.Ending;
import io.vertxraft.peer.FrameReader;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.PeerCertificate;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.spi.GroupIdentity;

/**
 * How a node speaks to a peer.
 *
 * @param self who speaks
 * @param peerId to whom
 * @param tls whether certificates say who is who
 * @param kind on which stream
 * @param reader takes the answers
 */
record PeerDialogue(
    GroupIdentity self, String peerId, boolean tls, StreamKind kind, FrameReader reader)
    implements OutboundCall.Dialogue {
  @Override
  public ServiceMethod<Buffer, Buffer> method() {
    return PeerMethod.client(kind);
  }

  @Override
  public void introduce(MultiMap headers) {
    Handshake.putRequest(headers, self, peerId);
  }

  @Override
  public String mismatch(MultiMap headers, HttpConnection connection) {
    String mismatch = Handshake.checkResponse(headers, self.clusterId(), peerId);
    return mismatch == null && tls
        ? PeerCertificate.mismatch(connection::peerCertificates, self.clusterId(), peerId)
        : mismatch;
  }

  @Override
  public Ending whenUnknown() {
    // The other kinds are as old as the protocol: who does not know them is no peer.
    return kind.onDemand() ? Ending.UNKNOWN_KIND : Ending.REFUSED;
  }

  @Override
  public void read(GrpcMessage message) {
    PeerMethod.read(message, reader);
  }

  @Override
  public void tooLarge() {
    reader.tooLarge();
  }
}
