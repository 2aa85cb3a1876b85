package io.vertxraft.testkit.bugs;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;

/** The product with a planted bug, in a class loader of its own. */
public final class PlantedProduct {
  private final PlantedBug bug;
  private final ClassLoader loader;
  private final Class<?> entry;

  PlantedProduct(PlantedBug bug, ClassLoader loader) {
    this.bug = bug;
    this.loader = loader;
    try {
      this.entry = Class.forName(PlantedRun.class.getName(), true, loader);
    } catch (ClassNotFoundException e) {
      throw new PlantingException("the class path lacks " + PlantedRun.class.getName(), e);
    }
  }

  /** The bug. */
  public PlantedBug bug() {
    return bug;
  }

  /** Loads the classes of the toolkit with the bug in them. */
  public ClassLoader loader() {
    return loader;
  }

  /**
   * Runs a seed among the faults of the bug's profile, for {@code ms} of virtual time; what was
   * found, if anything.
   */
  public Optional<Finding> simulate(long seed, long ms) {
    Class<?>[] types = {long.class, String.class, long.class};
    return call("simulate", types, seed, bug.profile().name(), ms);
  }

  /** Plays the bug's own story; what was found, if anything. */
  public Optional<Finding> playScenario() {
    return call("playScenario", new Class<?>[] {String.class}, bug.name());
  }

  private Optional<Finding> call(String method, Class<?>[] types, Object... arguments) {
    try {
      Map<?, ?> result = (Map<?, ?>) entry.getMethod(method, types).invoke(null, arguments);
      return PlantedRun.finding(result);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "the run with bug '%s' ended by an exception".formatted(bug.name()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("PlantedRun has no public method " + method, e);
    }
  }
}
