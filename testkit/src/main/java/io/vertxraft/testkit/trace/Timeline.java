package io.vertxraft.testkit.trace;

import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.testkit.sim.Trace;
import io.vertxraft.testkit.sim.TraceKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Keeps the last events of a run and draws them for people: time downwards, one column per member,
 * with its messages, changes of role, log and commit index, crashes and faults.
 *
 * <p>It is a sink of a {@link ProtocolTrace}; {@link #listenTo} adds what the world does to the
 * members. To keep events costs little; they become words only when they are drawn. Confined to one
 * thread.
 */
public final class Timeline implements Consumer<TraceEvent> {
  /** Characters per line unless {@link #width} says otherwise. */
  public static final int DEFAULT_WIDTH = 160;

  private final int eventsMax;
  private final ArrayDeque<Moment> moments = new ArrayDeque<>();
  private int width = DEFAULT_WIDTH;
  private boolean heartbeats;
  private boolean worldHeard;

  /** Something kept. */
  private sealed interface Moment {}

  /** An event of the protocol. */
  private record Protocol(TraceEvent event) implements Moment {}

  /**
   * An event of the world.
   *
   * @param time when
   * @param kind what it was
   * @param node where, or null if at no node
   * @param peer receiver of a message, else null
   * @param detail more about it
   */
  private record World(long time, TraceKind kind, String node, String peer, Object detail)
      implements Moment {}

  /** A line of the picture. A null node means all. */
  private record Line(long time, String node, String text) {}

  /**
   * An empty timeline.
   *
   * @param eventsMax events to keep, of all nodes together; older ones are forgotten
   */
  public Timeline(int eventsMax) {
    if (eventsMax < 1) {
      throw new IllegalArgumentException(
          "a timeline cannot keep %d events: let it keep one or more".formatted(eventsMax));
    }
    this.eventsMax = eventsMax;
  }

  /** Sets the greatest number of characters per line. */
  public Timeline width(int characters) {
    this.width = characters;
    return this;
  }

  /** Sets whether heartbeats that change nothing are drawn; at first they are not. */
  public Timeline heartbeats(boolean drawn) {
    this.heartbeats = drawn;
    return this;
  }

  @Override
  public void accept(TraceEvent event) {
    keep(new Protocol(event));
  }

  /** Adds boots, ends, faults and lost messages of a world, and takes its only listener's place. */
  public void listenTo(Trace trace) {
    worldHeard = true;
    trace.onRecord(
        (time, kind, owner, first, detail) -> world(trace, time, kind, owner, detail, first));
  }

  private void world(Trace trace, long time, TraceKind kind, int owner, Object detail, long first) {
    switch (kind) {
      case DROP, HOLD ->
          keep(new World(time, kind, trace.ownerName(owner), trace.ownerName((int) first), detail));
      case BOOT, HALT, FAULT, DISK_FAULT ->
          keep(new World(time, kind, owner < 0 ? null : trace.ownerName(owner), null, detail));
      default -> {
        // The protocol tells which messages were sent and handled; the rest is no member's affair.
      }
    }
  }

  private void keep(Moment moment) {
    if (moments.size() == eventsMax) {
      moments.removeFirst();
    }
    moments.addLast(moment);
  }

  /** The nodes of the events kept, in the order of their ids. */
  public List<String> nodes() {
    TreeSet<String> nodes = new TreeSet<>();
    for (Moment moment : moments) {
      if (moment instanceof Protocol protocol) {
        nodes.add(protocol.event.node());
      } else if (moment instanceof World world && world.node != null) {
        nodes.add(world.node);
      }
    }
    return List.copyOf(nodes);
  }

  /** Draws all events kept, of all nodes. */
  public String draw() {
    return draw(nodes(), eventsMax);
  }

  /**
   * Draws the last events of some nodes, oldest first.
   *
   * @param nodes who gets a column, from left to right
   * @param linesMax how many things to tell at most, each of which may take several rows
   * @throws IllegalArgumentException if there are no nodes, or too many for the width
   */
  public String draw(Collection<String> nodes, int linesMax) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a timeline without nodes: name those to draw");
    }
    List<String> columns = List.copyOf(nodes);
    List<Line> lines = joined(lines(columns));
    ColumnPicture picture = new ColumnPicture(columns, width);
    for (Line line : lines.subList(Math.max(0, lines.size() - linesMax), lines.size())) {
      if (line.node == null) {
        picture.across(line.time, line.text);
      } else {
        picture.cell(line.time, columns.indexOf(line.node), line.text);
      }
    }
    return EventWords.LEGEND + "\n\n" + picture.finish();
  }

  private List<Line> lines(List<String> columns) {
    EventWords words = new EventWords(heartbeats);
    List<Line> lines = new ArrayList<>();
    for (Moment moment : moments) {
      if (moment instanceof Protocol protocol && columns.contains(protocol.event.node())) {
        TraceEvent event = protocol.event;
        List<String> texts = words.of(event);
        if (!(worldHeard && event instanceof TraceEvent.Stop)) {
          texts.forEach(text -> lines.add(new Line(event.time(), event.node(), text)));
        }
      } else if (moment instanceof World world && !words.isNoise(world.detail)) {
        Line line = line(world, columns);
        if (line != null) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  /** A line about the world, or null if it concerns none of the columns. */
  private static Line line(World world, List<String> columns) {
    boolean shown = world.node == null || columns.contains(world.node);
    String text =
        switch (world.kind) {
          case BOOT -> "boot, " + world.detail;
          case HALT -> EventWords.halted(world.detail.toString());
          case DROP -> message(world, "-x ");
          case HOLD -> message(world, "-| ");
          default -> world.node == null ? world.detail.toString() : "!! " + world.detail;
        };
    if (!shown && world.peer != null && columns.contains(world.peer)) {
      return new Line(world.time, world.peer, "from " + world.node + " " + text);
    }
    return shown ? new Line(world.time, world.node, text) : null;
  }

  private static String message(World world, String arrow) {
    String message =
        world.detail instanceof RaftMessage raftMessage
            ? EventWords.message(raftMessage)
            : world.detail.toString();
    return arrow + world.peer + " " + message;
  }

  /** Makes one line of what is done to the whole world at one instant. */
  private static List<Line> joined(List<Line> lines) {
    List<Line> joined = new ArrayList<>();
    for (Line line : lines) {
      Line last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && last.node == null && line.node == null && last.time == line.time) {
        joined.set(joined.size() - 1, new Line(line.time, null, last.text + ", " + line.text));
      } else {
        joined.add(line);
      }
    }
    return joined;
  }
}
