package io.vertxraft.grpc;

import io.vertx.core.Promise;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;

/** A client's call on its way to a member. Confined to the channel's context. */
final class OutgoingCall {
  final String preferredId;
  final ClientRequest request;
  final long timeoutMs;
  final long bytes;
  final Promise<ClientReply> promise;
  long timer;

  /** Where it goes, or went; null while no member is connected. */
  MemberLink link;

  /** Its number on the link once it may have been delivered; 0 before. */
  long sentAs;

  OutgoingCall(
      String preferredId, ClientRequest request, long timeoutMs, Promise<ClientReply> promise) {
    this.preferredId = preferredId;
    this.request = request;
    this.timeoutMs = timeoutMs;
    this.bytes = ClientCodec.bytesMax(request);
    this.promise = promise;
  }
}
