package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What goes into a diagnostic bundle, and how it is written. The names of the entries are fixed, so
 * that no id can steer a path.
 *
 * @param createdAtMs wall-clock time
 * @param reason why it was written
 * @param picture the group at that moment
 * @param frames earlier pictures, oldest first, made one after the other while they are written
 * @param events as {@code api/v1/events} gives them, oldest first
 * @param audit what was done here
 * @param options what is known of the settings; secrets are taken out here
 */
record BundleContent(
    long createdAtMs,
    String reason,
    Picture picture,
    List<Supplier<String>> frames,
    JsonObject events,
    JsonArray audit,
    JsonObject options) {
  static final String FORMAT = "vertx-raft-bundle";
  static final int FORMAT_VERSION = 1;

  private static final String README =
      """
      A picture of a Raft group, with its last minutes, as one member saw it.

      Open it in the web console of any group ("Open a bundle"), or read it as it is:

        manifest.json     what this is, and what made it
        explanation.json  how the group was, and why, in words with evidence
        state.json        the picture at that moment
        reports.json      each member's own report
        history.ndjson    one earlier picture a line, oldest first
        events.json       what happened, with causes
        audit.json        what operators did
        options.json      settings, without secrets

      Log entries and commands are not in it. Addresses and node ids are.
      """;

  /** Writes the zip; does not close {@code out}. */
  void writeTo(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    JsonArray files = new JsonArray();
    add(zip, files, "README.txt", "what this is", README);
    add(zip, files, "state.json", "the picture at that moment", state().encodePrettily());
    add(zip, files, "explanation.json", "how it was, and why", explanation().encodePrettily());
    add(zip, files, "reports.json", "each member's own report", reports().encodePrettily());
    add(zip, files, "events.json", "what happened", events.encodePrettily());
    JsonObject audited = new JsonObject().put("entries", audit);
    add(zip, files, "audit.json", "what operators did", audited.encodePrettily());
    String settings = Secrets.redacted(options).encodePrettily();
    add(zip, files, "options.json", "settings, without secrets", settings);
    history(zip, files);
    // Last, because it says how long the others are.
    add(zip, new JsonArray(), "manifest.json", "", manifest(files).encodePrettily());
    zip.finish();
  }

  private JsonObject state() {
    return picture
        .toJson()
        .put("status", picture.ownStatus())
        .put("auditNewest", 0)
        .put("events", events.getJsonArray("events"));
  }

  private JsonObject explanation() {
    return picture
        .explanation()
        .toJson()
        .put("seenFrom", picture.view().seenFrom())
        .put("timeMs", picture.view().timeMs());
  }

  private JsonObject reports() {
    JsonArray reports = new JsonArray();
    ClusterView view = picture.view();
    view.members().forEach(m -> reports.add(m.toJson(view.silentAfterMs())));
    return new JsonObject().put("reports", reports);
  }

  private JsonObject manifest(JsonArray files) {
    return new JsonObject()
        .put("format", FORMAT)
        .put("formatVersion", FORMAT_VERSION)
        .put("createdAtMs", createdAtMs)
        .put("seenFrom", picture.view().seenFrom())
        .put("clusterId", picture.clusterId())
        .put("groupId", picture.groupId())
        .put("reason", reason)
        .put("versions", Versions.toJson())
        .put("files", files);
  }

  private void history(ZipOutputStream zip, JsonArray files) throws IOException {
    zip.putNextEntry(new ZipEntry("history.ndjson"));
    long bytes = 0;
    for (Supplier<String> frame : frames) {
      byte[] line = (frame.get() + "\n").getBytes(StandardCharsets.UTF_8);
      zip.write(line);
      bytes += line.length;
    }
    zip.closeEntry();
    files.add(file("history.ndjson", bytes, "earlier pictures, one a line"));
  }

  private static void add(
      ZipOutputStream zip, JsonArray files, String name, String about, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    zip.putNextEntry(new ZipEntry(name));
    zip.write(body);
    zip.closeEntry();
    files.add(file(name, body.length, about));
  }

  private static JsonObject file(String name, long bytes, String about) {
    return new JsonObject().put("name", name).put("bytes", bytes).put("about", about);
  }

  /** The whole zip in memory. */
  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
