package io.vertxraft.runtime;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * A context of the user's threading model, obtained by deploying a verticle that does nothing else.
 */
final class VertxStateMachineContext implements StateMachineContext {
  private final Vertx vertx;
  private final ThreadingModel threading;
  private String deploymentId;

  VertxStateMachineContext(Vertx vertx, ThreadingModel threading) {
    this.vertx = vertx;
    this.threading = threading;
  }

  @Override
  public Future<Executor> open() {
    Carrier carrier = new Carrier();
    return vertx
        .deployVerticle(carrier, new DeploymentOptions().setThreadingModel(threading))
        .map(
            id -> {
              deploymentId = id;
              Context context = carrier.context();
              return task -> context.runOnContext(ignored -> task.run());
            });
  }

  @Override
  public Future<Void> close() {
    if (deploymentId == null) {
      return Future.succeededFuture();
    }
    String id = deploymentId;
    deploymentId = null;
    // Undeployed already if the deployment that this one belongs to is on its way down.
    return vertx.undeploy(id).otherwiseEmpty();
  }

  private static final class Carrier extends VerticleBase {
    Context context() {
      return context;
    }
  }
}
