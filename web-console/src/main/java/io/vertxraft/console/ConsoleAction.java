package io.vertxraft.console;

import io.vertx.core.Future;
import java.util.List;

/**
 * Something that can be done from the console. The toolkit has some of its own; an application adds
 * others with {@link RaftConsoleBuilder#action}. All methods are called on the console's context
 * and must not block.
 */
public interface ConsoleAction {
  /** Its name in addresses: small letters, digits and hyphens, at most 40. */
  String name();

  /** Its name on a button. */
  String title();

  /** What it does, in one sentence. */
  String description();

  /** {@code app}, or {@code demo} for one that breaks something on purpose. */
  default String kind() {
    return "app";
  }

  /** What it touches: leader, snapshot, membership, member, network or other. */
  default String changes() {
    return "other";
  }

  /** What it wants to be told. */
  default List<ActionParameter> parameters() {
    return List.of();
  }

  /**
   * What it would do now; nothing is changed. An effect with a refusal is not carried out.
   *
   * @return fails if that cannot be told
   */
  Future<ActionEffect> effect(ActionCall call);

  /**
   * Does it.
   *
   * @return completes with what came of it, in one sentence; fails with {@link
   *     io.vertxraft.RaftException.Rejected} if nothing has changed, otherwise with anything else
   */
  Future<String> run(ActionCall call);
}
