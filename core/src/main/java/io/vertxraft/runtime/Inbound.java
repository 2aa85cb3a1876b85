package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.Transport;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Where a transport hands over what comes in.
 *
 * @param messages takes the messages of the other members
 * @param clients answers clients that are no members
 */
record Inbound(
    BiConsumer<String, Message> messages, Function<ClientRequest, Future<ClientReply>> clients)
    implements Transport.Receiver {
  @Override
  public void receive(String from, Message message) {
    messages.accept(from, message);
  }

  @Override
  public Future<ClientReply> serve(ClientRequest request) {
    return clients.apply(request);
  }
}
