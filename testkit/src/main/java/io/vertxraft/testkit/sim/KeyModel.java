package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.sim.SimCommand.Operation;
import java.util.List;

/** What a key of {@link SimStateMachine} is, given by its number. */
public enum KeyModel {
  /** One number, 0 at first. */
  REGISTER(Operation.PUT, Operation.GET, Operation.CAS),
  /** A list that grows at its end. */
  LIST(Operation.APPEND, Operation.GET),
  /** A sum, 0 at first. */
  COUNTER(Operation.ADD, Operation.GET);

  private static final KeyModel[] MODELS = values();

  private final List<Operation> operations;

  KeyModel(Operation... operations) {
    this.operations = List.of(operations);
  }

  /** What a key is. */
  public static KeyModel of(int key) {
    return MODELS[key % MODELS.length];
  }

  /** The operations such a key takes. */
  public List<Operation> operations() {
    return operations;
  }
}
