package io.vertxraft.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes a diagnostic bundle without a console: for tests, simulators and programs that want to
 * leave behind a file that explains itself when a run has failed. The console opens it offline.
 *
 * <pre>{@code
 * DiagnosticBundle bundle = new DiagnosticBundle("n1", "seed 17 lost a write");
 * bundle.frame(timeMs, statusesOfAllMembers);   // as often as you like, in order of time
 * bundle.event(event);
 * bundle.writeTo(Path.of("target/failure.zip"));
 * }</pre>
 *
 * <p>Keeps the newest frames within {@link #FRAMES_BYTES_MAX} and the newest {@link #EVENTS_MAX}
 * events. Not thread-safe.
 */
public final class DiagnosticBundle {
  /** Most bytes of deflated frames kept, 16 MiB; older ones are dropped. */
  public static final long FRAMES_BYTES_MAX = 16L * 1024 * 1024;

  /** Most events kept; older ones are dropped. */
  public static final int EVENTS_MAX = 10_000;

  private static final long NONE = -1;

  private final String seenFrom;
  private final String reason;
  private final HistoryRing frames = new HistoryRing(Long.MAX_VALUE / 4, FRAMES_BYTES_MAX);
  private final Deque<RaftEvent> events = new ArrayDeque<>();
  private final Map<String, JsonObject> options = new LinkedHashMap<>();
  private final FollowerTracker tracker =
      new FollowerTracker(
          RaftConsoleOptions.DEFAULT_SILENT_AFTER_MS, RaftConsoleOptions.DEFAULT_LAG_ENTRIES_MAX);
  private Picture newest;
  private RaftStatus tracked;
  private long lastLedMs = NONE;
  private long eventsSeen;

  /**
   * An empty bundle.
   *
   * @param seenFrom the member whose view comes first
   * @param reason why it is written, for its reader
   */
  public DiagnosticBundle(String seenFrom, String reason) {
    this.seenFrom = seenFrom;
    this.reason = reason;
  }

  /**
   * Adds a moment.
   *
   * @param timeMs wall-clock or simulated time in milliseconds; must not go back
   * @param statuses the reports of all members that run; members that one of them names and that
   *     did not report are shown as silent
   */
  public DiagnosticBundle frame(long timeMs, List<RaftStatus> statuses) {
    ClusterView view = view(timeMs, statuses);
    if (Explain.of(view).leaderId() != null) {
      lastLedMs = timeMs;
    } else if (lastLedMs != NONE) {
      view = view(timeMs, timeMs - lastLedMs, view.members(), view.followers());
    }
    return frame(view);
  }

  /** Adds a moment. */
  public DiagnosticBundle frame(ClusterView view) {
    newest = new Picture(view, Explain.of(view));
    frames.add(newest);
    return this;
  }

  /** Adds an event; in the order in which they happened. */
  public DiagnosticBundle event(RaftEvent event) {
    eventsSeen++;
    events.addLast(event);
    if (events.size() > EVENTS_MAX) {
      events.removeFirst();
    }
    return this;
  }

  /** Adds settings under a name; what looks like a secret by its name is hidden. */
  public DiagnosticBundle options(String name, JsonObject settings) {
    options.put(name, settings.copy());
    return this;
  }

  /**
   * Writes the file, in place of one that is there.
   *
   * @throws IllegalStateException if no frame was added
   */
  public void writeTo(Path file) throws IOException {
    BundleContent content = content();
    try (OutputStream out = Files.newOutputStream(file)) {
      content.writeTo(out);
    }
  }

  /**
   * The file's content.
   *
   * @throws IllegalStateException if no frame was added
   */
  public Buffer toBuffer() {
    return Buffer.buffer(content().toBytes());
  }

  private BundleContent content() {
    if (newest == null) {
      throw new IllegalStateException(
          "the bundle has no frame: call frame(timeMs, statuses) at least once");
    }
    List<Supplier<String>> texts = new ArrayList<>();
    frames.between(Long.MIN_VALUE, Long.MAX_VALUE).forEach(moment -> texts.add(moment::frame));
    JsonObject settings = new JsonObject();
    options.forEach(settings::put);
    return new BundleContent(
        newest.view().timeMs(), reason, newest, texts, eventsJson(), new JsonArray(), settings);
  }

  private JsonObject eventsJson() {
    JsonArray array = new JsonArray();
    long sequence = eventsSeen - events.size();
    for (RaftEvent event : events) {
      array.add(event.toJson().put("sequence", ++sequence));
    }
    return new JsonObject()
        .put("epoch", "bundle")
        .put("source", seenFrom)
        .put("newest", eventsSeen)
        .put("events", array);
  }

  private ClusterView view(long timeMs, List<RaftStatus> statuses) {
    Map<String, MemberReport> reports = new LinkedHashMap<>();
    for (RaftStatus status : statuses) {
      status
          .getMembers()
          .forEach(
              m ->
                  reports.putIfAbsent(
                      m.getNodeId(),
                      new MemberReport(
                          m.getNodeId(), m.getHost(), m.getPort(), null, 0, "did not report")));
    }
    for (RaftStatus status : statuses) {
      MemberReport known = reports.get(status.getNodeId());
      String host = known == null ? "" : known.host();
      int port = known == null ? 0 : known.port();
      reports.put(
          status.getNodeId(), new MemberReport(status.getNodeId(), host, port, status, 0, null));
    }
    List<MemberReport> members =
        reports.values().stream().sorted(Comparator.comparing(MemberReport::nodeId)).toList();
    ClusterView plain = view(timeMs, 0, members, List.of());
    return plain
        .claimant()
        .map(leader -> view(timeMs, 0, members, judge(timeMs, leader, members)))
        .orElse(plain);
  }

  private List<FollowerReport> judge(long timeMs, MemberReport leader, List<MemberReport> members) {
    if (leader.status() != tracked) {
      tracked = leader.status();
      tracker.add(tracked, timeMs);
    }
    return tracker.judge(leader.status(), 0, FollowerTracker.failed(members));
  }

  private ClusterView view(
      long timeMs, long noLeaderForMs, List<MemberReport> members, List<FollowerReport> followers) {
    return new ClusterView(
        seenFrom,
        timeMs,
        RaftConsoleOptions.DEFAULT_SILENT_AFTER_MS,
        noLeaderForMs,
        members,
        followers);
  }
}
