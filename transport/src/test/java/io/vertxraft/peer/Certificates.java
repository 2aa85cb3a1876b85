package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keys and self-signed certificates, made for a test. */
public final class Certificates {
  public static final String PASSWORD = "changeit";

  private final Path directory;

  public Certificates(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes a key and its certificate.
   *
   * @param name what the test calls it
   * @param subject the distinguished name
   * @param extension as keytool takes it, or null
   */
  public void make(String name, String subject, String extension) throws Exception {
    List<String> generate =
        new ArrayList<>(List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", subject));
    if (extension != null) {
      generate.addAll(List.of("-ext", extension));
    }
    keytool(name, generate);
    KeyStore store =
        KeyStore.getInstance(directory.resolve(name + ".p12").toFile(), PASSWORD.toCharArray());
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(store.getCertificate(name).getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    Files.writeString(directory.resolve(name + ".pem"), pem);
  }

  private void keytool(String store, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", directory.resolve(store + ".p12").toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", command).isZero();
  }

  public PfxOptions key(String name) {
    return new PfxOptions()
        .setPath(directory.resolve(name + ".p12").toString())
        .setPassword(PASSWORD);
  }

  public PemTrustOptions trust(String... names) {
    PemTrustOptions trust = new PemTrustOptions();
    for (String name : names) {
      trust.addCertPath(directory.resolve(name + ".pem").toString());
    }
    return trust;
  }
}
