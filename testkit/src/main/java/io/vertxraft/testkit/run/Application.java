package io.vertxraft.testkit.run;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Somebody's state machine in the simulator, and what is to be known of it.
 *
 * @param stateMachines gives a new, empty one for each life of a member
 * @param commands draws a command
 * @param invariant throws if a state is wrong; looked at after each batch
 * @param stateHash a number that equal states share; compared between members that are caught up
 * @param <S> type of the state machine
 */
public record Application<S extends StateMachine>(
    Supplier<S> stateMachines,
    Function<SimRandom, Buffer> commands,
    Consumer<? super S> invariant,
    ToLongFunction<? super S> stateHash) {}
