package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** Redraws a whole terminal in place, on its second screen, so that the first one stays. */
final class ScreenView implements WatchView {
  private static final int EVENTS_MAX = 200;
  private static final String OPEN = "\u001b[?1049h\u001b[?25l\u001b[2J";
  private static final String CLOSE = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String END_OF_LINE = "\u001b[K\r\n";
  private static final String REST_OF_SCREEN = "\u001b[J";

  private final PrintWriter out;
  private final Supplier<Terminal.Size> size;
  private final boolean colors;
  private final String title;
  private final Deque<JsonObject> events = new ArrayDeque<>();
  private long sequence = -1;
  private Picture picture;
  private String note = "";
  private boolean opened;
  private boolean closed;

  /**
   * A view that takes the terminal over with its first picture.
   *
   * @param size how much fits, asked for each time
   * @param title what is watched
   */
  ScreenView(PrintWriter out, Supplier<Terminal.Size> size, boolean colors, String title) {
    this.out = out;
    this.size = size;
    this.colors = colors;
    this.title = title;
  }

  @Override
  public synchronized void show(Picture newPicture) {
    picture = newPicture;
    note = "";
    for (JsonObject event : newPicture.events()) {
      long number = event.getLong("sequence", 0L);
      if (number > sequence) {
        sequence = number;
        events.addLast(event);
      }
    }
    while (events.size() > EVENTS_MAX) {
      events.removeFirst();
    }
    draw();
  }

  @Override
  public synchronized void note(String text) {
    note = text;
    draw();
  }

  @Override
  public synchronized void close() {
    if (opened && !closed) {
      out.print(CLOSE);
      if (picture != null) {
        out.println(picture.headline());
      }
      out.flush();
    }
    closed = true;
  }

  private void draw() {
    if (closed) {
      return;
    }
    Terminal.Size room = size.get();
    StringBuilder text = new StringBuilder(opened ? "" : OPEN).append(HOME);
    opened = true;
    List<String> lines = lines(room);
    for (int i = 0; i < lines.size(); i++) {
      String line = fit(lines.get(i), room.columns());
      text.append(i == 0 && note.isEmpty() ? colored(line) : line);
      text.append(i == lines.size() - 1 ? "\u001b[K" : END_OF_LINE);
    }
    out.print(text.append(REST_OF_SCREEN));
    out.flush();
  }

  /** As many lines as there is room for: what is wrong before what was. */
  private List<String> lines(Terminal.Size room) {
    List<String> lines = new ArrayList<>();
    if (!note.isEmpty()) {
      lines.add(note);
    }
    if (picture != null) {
      lines.addAll(picture.lines());
    }
    String footer =
        "%s%s  Ctrl-C ends"
            .formatted(title, picture == null ? "" : "  at " + Moments.clock(picture.timeMs()));
    int left = room.rows() - lines.size() - 3;
    if (left >= 1 && !events.isEmpty()) {
      lines.add("");
      events.stream()
          .skip(Math.max(0, events.size() - (long) left))
          .forEach(event -> lines.add(Picture.event(event)));
    }
    while (lines.size() > Math.max(1, room.rows() - 1)) {
      lines.remove(lines.size() - 1);
    }
    lines.add(footer);
    return lines;
  }

  private static String fit(String line, int columns) {
    return line.length() <= columns ? line : line.substring(0, Math.max(0, columns - 1)) + "…";
  }

  private String colored(String headline) {
    if (!colors || picture == null) {
      return headline;
    }
    int color =
        switch (LiveCommand.exitCode(picture.health())) {
          case RaftCtl.GOOD -> 32;
          case RaftCtl.NO_LEADER -> 31;
          default -> 33;
        };
    return "\u001b[1;%dm%s\u001b[0m".formatted(color, headline);
  }
}
