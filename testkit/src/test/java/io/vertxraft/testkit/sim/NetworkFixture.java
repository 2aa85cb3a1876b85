package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Three nodes that have joined a group and note what they receive. */
abstract class NetworkFixture {
  static final long MS = 1_000_000;
  static final List<PeerAddress> MEMBERS =
      List.of(
          new PeerAddress("n1", "h", 1),
          new PeerAddress("n2", "h", 2),
          new PeerAddress("n3", "h", 3),
          new PeerAddress("n4", "h", 4),
          new PeerAddress("n5", "h", 5));

  final SimWorld world = new SimWorld(7, List.of("n1", "n2", "n3"));
  final SimNetwork network = world.network();
  final Map<String, List<Message>> inbox = new LinkedHashMap<>();
  final Map<String, Endpoint> endpoints = new LinkedHashMap<>();

  NetworkFixture() {
    List.of("n1", "n2", "n3").forEach(this::boot);
  }

  final void boot(String nodeId) {
    join(nodeId, "cluster");
  }

  final Future<Endpoint> join(String nodeId, String clusterId) {
    SimMachine.Life life = world.machine(nodeId).boot();
    inbox.put(nodeId, new ArrayList<>());
    Future<Endpoint> joined =
        life.transport()
            .join(
                new GroupIdentity(clusterId, "g", nodeId),
                MEMBERS,
                life.scheduler(),
                (from, message) -> {
                  assertThat(life.scheduler().inContext()).isTrue();
                  inbox.get(nodeId).add(message);
                });
    joined.onSuccess(endpoint -> endpoints.put(nodeId, endpoint));
    run(0);
    return joined;
  }

  final void run(long ms) {
    world.loop().runFor(ms * MS);
  }

  static Heartbeat heartbeat(long number) {
    return new Heartbeat(1, number, 1, 0, 0);
  }

  final void send(String from, String to, int count) {
    for (int i = 1; i <= count; i++) {
      endpoints.get(from).send(to, heartbeat(i));
    }
  }
}
