package io.vertxraft.testkit.run;

import io.vertxraft.testkit.sim.ClientOperation.Outcome;

/** What clients do in a run. */
interface Workload {
  /** Starts to send commands, or changes the rate. */
  void start(double commandsPerSecond);

  /** Sends so many commands to a member at once, whatever the rate is. */
  void send(String nodeId, int commands);

  /** Sends nothing more; answers are still taken. */
  void stop();

  /** Commands with this outcome so far. */
  long count(Outcome outcome);

  /**
   * The run is over; checks what the clients saw.
   *
   * @throws io.vertxraft.testkit.oracle.Violation if it is wrong
   */
  void finish();
}
