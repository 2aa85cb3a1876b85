package io.vertxraft.peer;

import io.vertx.core.json.JsonObject;
import io.vertx.core.net.JksOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.TrustOptions;

/** Key and trust options as JSON objects that say of which type they are. */
final class TlsJson {
  private static final String TYPE = "type";

  private TlsJson() {}

  static KeyCertOptions keyCert(JsonObject json) {
    if (json == null) {
      return null;
    }
    return switch (json.getString(TYPE, "")) {
      case "pem" -> new PemKeyCertOptions(json);
      case "jks" -> new JksOptions(json);
      case "pfx" -> new PfxOptions(json);
      default -> throw unknown("keyCertOptions", json);
    };
  }

  static TrustOptions trust(JsonObject json) {
    if (json == null) {
      return null;
    }
    return switch (json.getString(TYPE, "")) {
      case "pem" -> new PemTrustOptions(json);
      case "jks" -> new JksOptions(json);
      case "pfx" -> new PfxOptions(json);
      default -> throw unknown("trustOptions", json);
    };
  }

  /** The JSON form of key or trust options. */
  static JsonObject of(Object options) {
    if (options instanceof PemKeyCertOptions pem) {
      return pem.toJson().put(TYPE, "pem");
    }
    if (options instanceof PemTrustOptions pem) {
      return pem.toJson().put(TYPE, "pem");
    }
    if (options instanceof JksOptions jks) {
      return jks.toJson().put(TYPE, "jks");
    }
    if (options instanceof PfxOptions pfx) {
      return pfx.toJson().put(TYPE, "pfx");
    }
    throw new IllegalArgumentException(
        "%s has no JSON form: use PEM, JKS or PFX options".formatted(options.getClass().getName()));
  }

  private static IllegalArgumentException unknown(String property, JsonObject json) {
    return new IllegalArgumentException(
        "%s has type '%s', which is none of pem, jks, pfx"
            .formatted(property, json.getString(TYPE, "")));
  }
}
