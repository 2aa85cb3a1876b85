package io.vertxraft.peer;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;

/** What all options have in common. */
public final class OptionChecks {
  private OptionChecks() {}

  /**
   * Checks a number.
   *
   * @throws IllegalArgumentException if it is not within the bounds
   */
  public static void within(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s %d is not within %d..%d".formatted(name, value, min, max));
    }
  }

  /** Both ends prove who they are, or neither does. */
  static void tls(KeyCertOptions keyCertOptions, TrustOptions trustOptions) {
    if ((keyCertOptions == null) != (trustOptions == null)) {
      throw new IllegalArgumentException(
          "%s is missing: TLS needs keyCertOptions and trustOptions on both sides"
              .formatted(keyCertOptions == null ? "keyCertOptions" : "trustOptions"));
    }
  }
}
