package io.vertxraft.runtime;

import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Probe;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler;
import java.util.concurrent.Executor;

/**
 * What the parts of a member share.
 *
 * @param options the member's options
 * @param scheduler time and the node's context
 * @param storage the group's storage
 * @param stateMachine the application's state
 * @param stateMachineContext where that runs
 * @param core the consensus
 * @param host runs the core
 * @param events tells what happens
 * @param probe a test's window
 */
record MemberParts(
    RaftOptions options,
    RaftScheduler scheduler,
    GroupStorage storage,
    StateMachine stateMachine,
    Executor stateMachineContext,
    RaftCore core,
    ConsensusHost host,
    MemberEvents events,
    Probe probe) {}
