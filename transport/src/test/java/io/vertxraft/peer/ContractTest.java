package io.vertxraft.peer;

import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What holds for every transport between members; a subclass says for which. */
public abstract class ContractTest {
  protected Vertx vertx;

  @BeforeEach
  void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stopVertx() {
    TestNode.get(vertx.close());
  }

  /** A transport of the kind under test. */
  protected abstract PeerTransport transport(Consumer<PeerTransportOptions<?>> settings);

  /** A transport with all defaults. */
  protected final PeerTransport transport() {
    return transport(options -> {});
  }

  /** Whose logger the transport warns by. */
  protected abstract Class<?> logger();
}
