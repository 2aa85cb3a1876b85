package io.vertxraft.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.ClientRequest;

/** The way of a client's requests to its group and of the answers back, one attempt at a time. */
@FunctionalInterface
public interface Link {
  /**
   * Makes one attempt.
   *
   * @return the answer; or a {@link io.vertxraft.RaftException}; or with anything else what the
   *     state machine says to a query. Completes on the client's context
   */
  Future<Buffer> execute(ClientRequest request);
}
