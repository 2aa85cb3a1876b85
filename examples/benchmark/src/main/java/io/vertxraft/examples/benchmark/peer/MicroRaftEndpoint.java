package io.vertxraft.examples.benchmark.peer;

import io.microraft.RaftEndpoint;

/** A member of MicroRaft by its place among the ports. */
record MicroRaftEndpoint(int place) implements RaftEndpoint {
  @Override
  public Object getId() {
    return place;
  }
}
