package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Locale;

/** One line for each change, for pipes and files. */
final class LinesView implements WatchView {
  private final PrintWriter out;
  private String health = "";
  private String note = "";
  private long sequence = -1;

  LinesView(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void show(Picture picture) {
    boolean first = sequence < 0;
    for (JsonObject event : picture.events()) {
      long number = event.getLong("sequence", 0L);
      if (number > sequence) {
        sequence = number;
        if (!first) {
          out.println(Picture.event(event));
        }
      }
    }
    sequence = Math.max(sequence, 0);
    // Ages in the headline change all the time; that is no news.
    String now = picture.headline().replaceAll("\\d[\\d.,]* ?(ms|s|min|h|d)\\b", "#");
    if (!now.equals(health) || !note.isEmpty()) {
      out.printf(Locale.ROOT, "%s  %s%n", Moments.clock(picture.timeMs()), picture.headline());
      health = now;
      note = "";
    }
    out.flush();
  }

  @Override
  public void note(String text) {
    if (!text.equals(note)) {
      out.println(text);
      out.flush();
      note = text;
    }
  }

  @Override
  public void close() {
    out.flush();
  }
}
