package io.vertxraft.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertxraft.Member;
import io.vertxraft.RaftEventType;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStage;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.StageStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The meters of one member in a registry: what they read is the newest sample. */
final class Meters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Sample sample;
  private final List<Meter> ofMember = new ArrayList<>();
  private final Map<String, List<Meter>> ofPeers = new HashMap<>();
  private final Map<RaftEventType, Counter> events = new EnumMap<>(RaftEventType.class);
  private boolean removed;

  Meters(MeterRegistry registry, Sample sample) {
    RaftStatus status = sample.newest();
    this.registry = registry;
    this.sample = sample;
    this.tags =
        Tags.of(
            "cluster", String.valueOf(status.getClusterId()),
            "group", String.valueOf(status.getGroupId()),
            "node", String.valueOf(status.getNodeId()));
  }

  /** Registers all that does not depend on who the other members are. */
  void register() {
    if (registry.find("raft.term").tags(tags).meter() != null) {
      throw new IllegalStateException(
          "the registry has metrics of this member already (%s): close the RaftMetrics that were"
                  .formatted(tags)
              + " bound before, or use another registry");
    }
    Catalogue.MEMBER.forEach(metric -> add(ofMember, metric, tags, Function.identity()));
    Catalogue.SNAPSHOTS.forEach(metric -> add(ofMember, metric, tags, RaftStatus::getSnapshots));
    for (RaftStage stage : RaftStage.values()) {
      Tags of = tags.and("stage", stage.name());
      Catalogue.STAGE.forEach(metric -> add(ofMember, metric, of, status -> of(status, stage)));
      Catalogue.QUANTILES.forEach(
          (quantile, value) ->
              add(
                  ofMember,
                  Catalogue.latency(value),
                  of.and("quantile", quantile),
                  status -> of(status, stage)));
    }
    for (RaftRole role : RaftRole.values()) {
      oneOf(
          "raft.role",
          "1 for the role this member has, 0 for the others",
          "role",
          role.name(),
          status -> status.getRole() == role);
    }
    for (SnapshotActivity activity : SnapshotActivity.values()) {
      oneOf(
          "raft.snapshot.activity",
          "1 for what this member does about snapshots, 0 for the rest",
          "activity",
          activity.name(),
          status -> status.getSnapshots().getActivity() == activity);
    }
    for (RaftEventType type : RaftEventType.values()) {
      Counter counter =
          Counter.builder("raft.events")
              .description("Events of this member by type, since it was bound")
              .tags(tags.and("type", type.name()))
              .register(registry);
      events.put(type, counter);
      ofMember.add(counter);
    }
    ofMember.add(
        Gauge.builder("raft.status.age.seconds", sample, Sample::ageSeconds)
            .description("Age of the report that these metrics are from")
            .baseUnit("seconds")
            .tags(tags)
            .strongReference(true)
            .register(registry));
  }

  /** Counts an event. */
  void count(RaftEventType type) {
    Counter counter = events.get(type);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Registers meters of members that have come, and removes those of members that have gone. */
  synchronized void follow(RaftStatus status) {
    if (removed) {
      return;
    }
    Set<String> peers = new HashSet<>();
    for (Member member : status.getMembers()) {
      if (!member.getNodeId().equals(status.getNodeId())) {
        peers.add(member.getNodeId());
      }
    }
    for (String gone : List.copyOf(ofPeers.keySet())) {
      if (!peers.contains(gone)) {
        ofPeers.remove(gone).forEach(registry::remove);
      }
    }
    for (String peer : peers) {
      ofPeers.computeIfAbsent(peer, this::registerPeer);
    }
  }

  synchronized void remove() {
    removed = true;
    ofMember.forEach(registry::remove);
    ofPeers.values().forEach(meters -> meters.forEach(registry::remove));
    ofMember.clear();
    ofPeers.clear();
  }

  private List<Meter> registerPeer(String peer) {
    List<Meter> meters = new ArrayList<>();
    Tags of = tags.and("peer", peer);
    Catalogue.PEER.forEach(
        metric -> add(meters, metric, of, status -> new Catalogue.Peer(status, peer)));
    return meters;
  }

  private <T> void add(
      List<Meter> meters, Metric<T> metric, Tags of, Function<RaftStatus, T> measured) {
    java.util.function.ToDoubleFunction<Sample> value =
        now -> metric.value().applyAsDouble(measured.apply(now.newest()));
    meters.add(
        switch (metric.kind()) {
          case GAUGE ->
              Gauge.builder(metric.name(), sample, value)
                  .description(metric.about())
                  .baseUnit(metric.unit())
                  .tags(of)
                  .strongReference(true)
                  .register(registry);
          case COUNTER ->
              FunctionCounter.builder(metric.name(), sample, value)
                  .description(metric.about())
                  .baseUnit(metric.unit())
                  .tags(of)
                  .register(registry);
        });
  }

  private void oneOf(
      String name,
      String about,
      String tag,
      String value,
      java.util.function.Predicate<RaftStatus> holds) {
    add(
        ofMember,
        Metric.<RaftStatus>gauge(name, about, status -> Metric.flag(holds.test(status))),
        tags.and(tag, value),
        Function.identity());
  }

  private static StageStatus of(RaftStatus status, RaftStage stage) {
    return status.getStages().stream()
        .filter(candidate -> candidate.getStage() == stage)
        .findFirst()
        .orElseGet(StageStatus::new);
  }
}
