package io.vertxraft.console;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** What this process runs, as far as its jars say. */
final class Versions {
  private Versions() {}

  static JsonObject toJson() {
    return new JsonObject()
        .put("vertxRaft", of(RaftConsole.class))
        .put("vertx", of(Vertx.class))
        .put("java", Runtime.version().toString());
  }

  private static String of(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "not known" : version;
  }
}
