package io.vertxraft.testkit.linearizability;

/**
 * What an operation does to a model.
 *
 * @param state the state after it
 * @param output the answer it gives
 */
public record Transition<S, O>(S state, O output) {}
