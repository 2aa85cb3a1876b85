package io.vertxraft.testkit.run;

import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.spi.StorageException;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts the marks that the members of a run reach, and lets them take the unusual way at times.
 */
final class RunProbe implements Probe {
  private static final Choice[] CHOICES = Choice.values();
  private static final Mark[] MARKS = Mark.values();

  private final long[] reached = new long[MARKS.length];
  private final double[] probabilities = new double[CHOICES.length];
  private final SimRandom random;
  private final Consumer<Throwable> unexpected;
  private boolean choosing = true;

  /**
   * A probe for all members of a run.
   *
   * @param random where their choices come from
   * @param choices where they choose at all
   * @param unexpected told when a member fails although its storage did not
   */
  RunProbe(SimRandom random, List<Choice> choices, Consumer<Throwable> unexpected) {
    this.random = random;
    this.unexpected = unexpected;
    for (Choice choice : choices) {
      probabilities[choice.ordinal()] = probabilityOf(choice);
    }
  }

  /**
   * What causes messages to all, or ends a leadership, stays rare: such messages cause turns, and
   * turns choose again.
   */
  private static double probabilityOf(Choice choice) {
    return switch (choice) {
      case STEP_DOWN -> 0.005;
      case EARLY_HEARTBEAT, PROBE_ANEW, OFFER_SNAPSHOT, RENEW_SNAPSHOT -> 0.03;
      default -> 0.25;
    };
  }

  /** From now on members take the usual way always. */
  void stopChoosing() {
    choosing = false;
  }

  @Override
  public void reached(Mark mark) {
    reached[mark.ordinal()]++;
  }

  @Override
  public boolean chooses(Choice choice) {
    return choosing && random.chance(probabilities[choice.ordinal()]);
  }

  /** Disks fail here all the time, and nodes with them; for anything else a node must not fail. */
  @Override
  public boolean failed(Throwable cause) {
    if (!(cause instanceof StorageException)) {
      unexpected.accept(cause);
    }
    return true;
  }

  void addTo(Coverage coverage) {
    for (Mark mark : MARKS) {
      coverage.add(mark.name(), reached[mark.ordinal()]);
    }
  }
}
