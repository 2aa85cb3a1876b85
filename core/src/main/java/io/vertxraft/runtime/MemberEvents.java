package io.vertxraft.runtime;

import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.spi.RaftScheduler;

/** Tells what happens to a member, and what the member was at that moment. */
final class MemberEvents {
  private final RaftOptions options;
  private final RaftScheduler scheduler;
  private final RaftCore core;
  private final EventHub hub;

  MemberEvents(RaftOptions options, RaftScheduler scheduler, RaftCore core, EventHub hub) {
    this.options = options;
    this.scheduler = scheduler;
    this.core = core;
    this.hub = hub;
  }

  /**
   * Tells the subscribers.
   *
   * @param peer the other member concerned, or null
   * @param cause why, in words
   */
  void publish(RaftEventType type, String peer, String cause) {
    publish(event(type, peer, cause));
  }

  void publish(RaftEvent event) {
    hub.publish(event);
  }

  RaftEvent event(RaftEventType type, String peer, String cause) {
    return new RaftEvent()
        .setType(type)
        .setGroupId(options.getGroupId())
        .setNodeId(options.getNodeId())
        .setTimeMs(scheduler.wallMillis())
        .setTerm(core.term())
        .setRole(StatusBuilder.role(core.roleKind()))
        .setLeaderId(core.leaderId())
        .setPeerId(peer)
        .setCause(cause);
  }
}
