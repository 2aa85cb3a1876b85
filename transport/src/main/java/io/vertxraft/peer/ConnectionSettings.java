package io.vertxraft.peer;

import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;

/** What members and clients set alike about their connections, and how it is written as JSON. */
public final class ConnectionSettings {
  static final int MESSAGE_BYTES_MIN = 64 * 1024;

  /** How long an attempt to connect may take. */
  public int connectTimeoutMs;

  /** The first pause between attempts. */
  public long reconnectDelayMinMs;

  /** The longest pause between attempts. */
  public long reconnectDelayMaxMs;

  /** How long the other end may be silent. */
  public long peerIdleTimeoutMs;

  /** The largest message sent or accepted. */
  public int messageBytesMax;

  /** The own key and certificate, or null for plain text. */
  public KeyCertOptions keyCertOptions;

  /** Whose certificates are trusted, or null for plain text. */
  public TrustOptions trustOptions;

  /** Settings in plain text; the defaults of members and clients differ. */
  public ConnectionSettings(
      int connectTimeoutMs,
      long reconnectDelayMinMs,
      long reconnectDelayMaxMs,
      long peerIdleTimeoutMs,
      int messageBytesMax) {
    this.connectTimeoutMs = connectTimeoutMs;
    this.reconnectDelayMinMs = reconnectDelayMinMs;
    this.reconnectDelayMaxMs = reconnectDelayMaxMs;
    this.peerIdleTimeoutMs = peerIdleTimeoutMs;
    this.messageBytesMax = messageBytesMax;
  }

  /** Takes over what the JSON has. */
  public void read(JsonObject json) {
    connectTimeoutMs = json.getInteger("connectTimeoutMs", connectTimeoutMs);
    reconnectDelayMinMs = json.getLong("reconnectDelayMinMs", reconnectDelayMinMs);
    reconnectDelayMaxMs = json.getLong("reconnectDelayMaxMs", reconnectDelayMaxMs);
    peerIdleTimeoutMs = json.getLong("peerIdleTimeoutMs", peerIdleTimeoutMs);
    messageBytesMax = json.getInteger("messageBytesMax", messageBytesMax);
    keyCertOptions = TlsJson.keyCert(json.getJsonObject("keyCertOptions"));
    trustOptions = TlsJson.trust(json.getJsonObject("trustOptions"));
  }

  /** Adds all but keys, certificates and their passwords. */
  public JsonObject writeTo(JsonObject json) {
    return json.put("connectTimeoutMs", connectTimeoutMs)
        .put("reconnectDelayMinMs", reconnectDelayMinMs)
        .put("reconnectDelayMaxMs", reconnectDelayMaxMs)
        .put("peerIdleTimeoutMs", peerIdleTimeoutMs)
        .put("messageBytesMax", messageBytesMax);
  }

  /** Adds keys, certificates and their passwords. */
  public JsonObject writeTlsTo(JsonObject json) {
    if (keyCertOptions != null) {
      json.put("keyCertOptions", TlsJson.of(keyCertOptions));
    }
    if (trustOptions != null) {
      json.put("trustOptions", TlsJson.of(trustOptions));
    }
    return json;
  }

  /** Copies keys and certificates, which JSON cannot always express. */
  public void copyTls(ConnectionSettings other) {
    keyCertOptions = other.keyCertOptions == null ? null : other.keyCertOptions.copy();
    trustOptions = other.trustOptions == null ? null : other.trustOptions.copy();
  }

  /** Whether connections are encrypted. */
  public boolean isTls() {
    return keyCertOptions != null && trustOptions != null;
  }

  /** Throws an {@link IllegalArgumentException} that names the first option that does not fit. */
  public void validate() {
    OptionChecks.within("connectTimeoutMs", connectTimeoutMs, 1, Integer.MAX_VALUE);
    OptionChecks.within("reconnectDelayMinMs", reconnectDelayMinMs, 1, Integer.MAX_VALUE);
    OptionChecks.within(
        "reconnectDelayMaxMs", reconnectDelayMaxMs, reconnectDelayMinMs, Integer.MAX_VALUE);
    OptionChecks.within("peerIdleTimeoutMs", peerIdleTimeoutMs, 100, Integer.MAX_VALUE / 4);
    OptionChecks.within(
        "messageBytesMax", messageBytesMax, MESSAGE_BYTES_MIN, Integer.MAX_VALUE / 2);
    OptionChecks.tls(keyCertOptions, trustOptions);
  }
}
