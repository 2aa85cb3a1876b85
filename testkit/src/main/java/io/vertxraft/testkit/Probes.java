package io.vertxraft.testkit;

import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.Effects;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.protocol.RaftMessage;
import java.util.ArrayList;
import java.util.List;

/** Several probes in the one place that a member has for them. */
public final class Probes {
  private Probes() {}

  /**
   * A probe that stands for all of the given ones. Each hears everything, in the given order. A
   * choice is made if any of them makes it: they are asked in order, and those after the first that
   * chooses are not asked.
   *
   * @param probes any number, {@link Probe#NONE} included
   */
  public static Probe all(Probe... probes) {
    List<Probe> listening = new ArrayList<>();
    for (Probe probe : probes) {
      if (probe != Probe.NONE) {
        listening.add(probe);
      }
    }
    return switch (listening.size()) {
      case 0 -> Probe.NONE;
      case 1 -> listening.get(0);
      default -> new All(listening.toArray(Probe[]::new));
    };
  }

  private static final class All implements Probe {
    private final Probe[] probes;

    All(Probe[] probes) {
      this.probes = probes;
    }

    @Override
    public void reached(Mark mark) {
      for (Probe probe : probes) {
        probe.reached(mark);
      }
    }

    @Override
    public boolean chooses(Choice choice) {
      for (Probe probe : probes) {
        if (probe.chooses(choice)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void stepped(Step step, String from, RaftMessage message, RaftCore core) {
      for (Probe probe : probes) {
        probe.stepped(step, from, message, core);
      }
    }

    /** All are told; one that knows what to do is enough. */
    @Override
    public boolean failed(Throwable cause) {
      boolean known = false;
      for (Probe probe : probes) {
        known |= probe.failed(cause);
      }
      return known;
    }

    @Override
    public void turnEnded(RaftCore core, Effects effects) {
      for (Probe probe : probes) {
        probe.turnEnded(core, effects);
      }
    }
  }
}
