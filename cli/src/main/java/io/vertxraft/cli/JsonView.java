package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;

/** One JSON object a line for each picture, for programs. */
final class JsonView implements WatchView {
  private final PrintWriter out;
  private final PrintWriter err;

  JsonView(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void show(Picture picture) {
    JsonObject state = picture.json();
    out.println(state.encode());
    out.flush();
  }

  @Override
  public void note(String text) {
    err.println(text);
    err.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
