package io.vertxraft.console;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Encodes each picture once and gives the same bytes to every stream. Ids are {@code
 * epoch-sequence}; a stream that names a frame still kept gets what came after it, any other a
 * snapshot. Confined to the console's context but for {@link #tryReserve()} and {@link #release()}.
 */
final class StreamHub {
  static final int FRAME_BYTES_MAX = 1024 * 1024;
  static final int SNAPSHOT_EVENTS_MAX = 200;

  /** So many clients are served at once, and more if it would take too long otherwise. */
  private static final int SLICE_MIN = 10;

  private static final int SLICES_MAX = 8;
  private static final Buffer HEARTBEAT = Buffer.buffer(": still here\n\n");
  private static final long NONE = -1;

  /** A frame as a whole, and what differs from the one before; null if nobody wanted that. */
  private record Frame(long sequence, Buffer whole, Buffer patch) {
    Buffer in(boolean patches) {
      return patches ? patch : whole;
    }

    int bytes() {
      return whole.length() + (patch == null ? 0 : patch.length());
    }
  }

  private final Vertx vertx;
  private final RaftConsoleOptions options;
  private final EventRing events;
  private final LongSupplier auditNewest;
  private final String epoch = UUID.randomUUID().toString().substring(0, 8);
  private final AtomicInteger reserved = new AtomicInteger();

  /** Each client with whether it still waits for its first snapshot. */
  private final Map<StreamClient, Boolean> clients = new HashMap<>();

  private final Deque<Frame> frames = new ArrayDeque<>();

  /** Frames that not every client has been offered yet, oldest first. */
  private final Deque<Frame> leaving = new ArrayDeque<>();

  private long framesBytes;
  private long sequence;
  private long eventsSent;
  private Picture newest;

  /** The frame on which the next patch is made, while somebody wants patches. */
  private JsonObject patched;

  private Buffer newestSnapshot;
  private long heartbeatTimer = NONE;

  /**
   * A hub without clients.
   *
   * @param auditNewest the number of what was done last
   */
  StreamHub(Vertx vertx, RaftConsoleOptions options, EventRing events, LongSupplier auditNewest) {
    this.vertx = vertx;
    this.options = options;
    this.events = events;
    this.auditNewest = auditNewest;
  }

  String epoch() {
    return epoch;
  }

  int clientCount() {
    return reserved.get();
  }

  /** Takes a place for one more client; any thread. */
  boolean tryReserve() {
    int before = reserved.getAndUpdate(n -> n < options.getClientsMax() ? n + 1 : n);
    return before < options.getClientsMax();
  }

  /** Gives a place back; any thread. */
  void release() {
    reserved.decrementAndGet();
  }

  /** Adds a client that has reserved a place. */
  void join(StreamClient client, String lastEventId) {
    Deque<Frame> missed = missedSince(lastEventId, client.wantsPatches());
    clients.put(client, missed == null);
    if (missed != null) {
      missed.forEach(frame -> client.offerFrame(frame.in(client.wantsPatches())));
    }
    if (heartbeatTimer == NONE) {
      heartbeatTimer =
          vertx.setPeriodic(
              options.getHeartbeatIntervalMs(),
              id -> clients.keySet().forEach(c -> c.offerComment(HEARTBEAT)));
    }
  }

  /** Takes a client out; says whether it was in. */
  boolean leave(StreamClient client) {
    boolean wasIn = clients.remove(client) != null;
    if (clients.isEmpty() && heartbeatTimer != NONE) {
      vertx.cancelTimer(heartbeatTimer);
      heartbeatTimer = NONE;
    }
    return wasIn;
  }

  /** Gives a client that has caught its breath everything as it is now. */
  void refresh(StreamClient client) {
    if (clients.containsKey(client) && newest != null) {
      client.offerSnapshot(snapshot());
    }
  }

  /** Sends a picture to all. */
  void publish(Picture picture) {
    if (clients.isEmpty()) {
      return;
    }
    newest = picture;
    newestSnapshot = null;
    sequence++;
    JsonArray happened = newestFirst(events.since(eventsSent));
    eventsSent = events.newest();
    Frame frame = new Frame(sequence, encode("frame", happened), patch(happened));
    keep(frame);
    leaving.addLast(frame);
    if (leaving.size() == 1) {
      offer(List.copyOf(clients.keySet()), 0);
    }
  }

  /**
   * Offers the first frame that is leaving to some clients, and to the rest a little later: a
   * hundred writes in one go would hold up whatever else shares their event loops. All are served
   * within {@link #SLICES_MAX} milliseconds, which is less than the shortest interval.
   */
  private void offer(List<StreamClient> all, int from) {
    int to = Math.min(all.size(), from + Math.max(SLICE_MIN, all.size() / SLICES_MAX + 1));
    all.subList(from, to).forEach(client -> offer(client, leaving.getFirst()));
    if (to < all.size()) {
      vertx.setTimer(1, id -> offer(all, to));
      return;
    }
    leaving.removeFirst();
    if (!leaving.isEmpty()) {
      offer(List.copyOf(clients.keySet()), 0);
    }
  }

  private void offer(StreamClient client, Frame frame) {
    Boolean waits = clients.get(client);
    if (waits == null) {
      return;
    }
    // Without a patch there is nothing that this client could go on from.
    Buffer part = waits ? null : frame.in(client.wantsPatches());
    if (part == null) {
      clients.put(client, false);
      client.offerSnapshot(snapshot());
    } else {
      client.offerFrame(part);
    }
  }

  void close() {
    List.copyOf(clients.keySet()).forEach(StreamClient::end);
    clients.clear();
    if (heartbeatTimer != NONE) {
      vertx.cancelTimer(heartbeatTimer);
      heartbeatTimer = NONE;
    }
  }

  private void keep(Frame frame) {
    frames.addLast(frame);
    framesBytes += frame.bytes();
    while (frames.size() > options.getFramesMax() || framesBytes > FRAME_BYTES_MAX) {
      framesBytes -= frames.removeFirst().bytes();
    }
  }

  /** Frames after the named one, oldest first, or null if it is not known any more. */
  private Deque<Frame> missedSince(String lastEventId, boolean patches) {
    long last = sequenceOf(lastEventId);
    if (last < 0 || last > sequence || frames.isEmpty()) {
      return null;
    }
    if (last + 1 < frames.getFirst().sequence()) {
      return null;
    }
    Deque<Frame> missed = new ArrayDeque<>();
    frames.stream().filter(f -> f.sequence() > last).forEach(missed::addLast);
    return missed.stream().allMatch(f -> f.in(patches) != null) ? missed : null;
  }

  private long sequenceOf(String id) {
    if (id == null || !id.startsWith(epoch + "-")) {
      return -1;
    }
    try {
      return Long.parseLong(id.substring(epoch.length() + 1));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private Buffer snapshot() {
    if (newestSnapshot == null) {
      newestSnapshot = encode("snapshot", events.newestFirst(SNAPSHOT_EVENTS_MAX));
    }
    return newestSnapshot;
  }

  private Buffer encode(String name, JsonArray eventsNewestFirst) {
    JsonObject more = more().put("events", eventsNewestFirst);
    return event(name, newest.encodedWith(more));
  }

  private JsonObject more() {
    return new JsonObject()
        .put("auditNewest", auditNewest.getAsLong())
        .put("sequence", sequence)
        .put("sampleIntervalMs", options.getSampleIntervalMs());
  }

  /** What differs from the frame before, or null if nobody wants to know or there was none. */
  private Buffer patch(JsonArray happened) {
    if (clients.keySet().stream().noneMatch(StreamClient::wantsPatches)) {
      patched = null;
      return null;
    }
    JsonObject before = patched;
    patched = newest.toJson().mergeIn(more());
    if (before == null) {
      return null;
    }
    JsonObject patch = JsonPatch.between(before, patched);
    if (!happened.isEmpty()) {
      patch.put("events", happened);
    }
    return event("patch", patch.encode());
  }

  private Buffer event(String name, String data) {
    return Buffer.buffer(
        "id: %s-%d\nevent: %s\ndata: %s\n\n".formatted(epoch, sequence, name, data));
  }

  private static JsonArray newestFirst(JsonArray oldestFirst) {
    JsonArray reversed = new JsonArray();
    for (int i = oldestFirst.size() - 1; i >= 0; i--) {
      reversed.add(oldestFirst.getValue(i));
    }
    return reversed;
  }
}
