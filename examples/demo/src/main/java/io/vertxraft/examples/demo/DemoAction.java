package io.vertxraft.examples.demo;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.console.ActionCall;
import io.vertxraft.console.ActionEffect;
import io.vertxraft.console.ActionParameter;
import io.vertxraft.console.ConsoleAction;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something that can be broken or mended from the console. It may cost the majority: that is what
 * the demo is for, and its effect says so.
 */
final class DemoAction implements ConsoleAction {
  private final Labels labels;
  private final Context context;
  private final List<ActionParameter> parameters;
  private final Function<ActionCall, Effect> effect;
  private final Function<ActionCall, Future<String>> run;

  /** How it is shown. */
  record Labels(String name, String title, String description, String changes) {}

  /**
   * What it does.
   *
   * @param does as the start of a sentence
   * @param lost members that no longer count
   * @param whyNot why it cannot be done now, or null
   */
  record Effect(String does, Set<String> lost, String whyNot) {}

  /**
   * An action of the demo.
   *
   * @param context on which {@code effect} and {@code run} are called
   */
  DemoAction(
      Labels labels,
      Context context,
      List<ActionParameter> parameters,
      Function<ActionCall, Effect> effect,
      Function<ActionCall, Future<String>> run) {
    this.labels = labels;
    this.context = context;
    this.parameters = parameters;
    this.effect = effect;
    this.run = run;
  }

  @Override
  public String name() {
    return labels.name();
  }

  @Override
  public String kind() {
    return "demo";
  }

  @Override
  public String title() {
    return labels.title();
  }

  @Override
  public String description() {
    return labels.description();
  }

  @Override
  public String changes() {
    return labels.changes();
  }

  @Override
  public List<ActionParameter> parameters() {
    return parameters;
  }

  @Override
  public Future<ActionEffect> effect(ActionCall call) {
    return there(() -> Future.succeededFuture(effect.apply(call)))
        .map(
            told -> {
              ActionEffect plain = ActionEffect.of(call.view(), told.does(), told.lost(), null);
              return told.whyNot() == null ? plain : plain.refused(told.whyNot());
            });
  }

  @Override
  public Future<String> run(ActionCall call) {
    return there(() -> run.apply(call));
  }

  private <T> Future<T> there(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        v -> Future.succeededFuture().compose(w -> call.get()).onComplete(promise));
    return promise.future();
  }
}
