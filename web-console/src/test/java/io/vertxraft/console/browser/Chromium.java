package io.vertxraft.console.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The system's own Chromium, started once for all tests. Nothing is downloaded. */
final class Chromium implements AutoCloseable {
  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Path chromium, Path node) {
    PlaywrightAssertions.setDefaultAssertionTimeout(Visitor.PATIENCE_MS);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.toString())));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    // Containers give no user namespaces; the pages are our own.
                    .setArgs(List.of("--no-sandbox", "--disable-gpu")));
  }

  /** Why no browser can be started here, or empty. */
  static Optional<String> missing() {
    if (chromium().isEmpty()) {
      return Optional.of(
          "no Chromium is on the PATH: install one, or name it in the variable CHROMIUM");
    }
    return node().isEmpty()
        ? Optional.of(
            "no Node is on the PATH, which Playwright runs on: install it, or name it in the variable"
                + " PLAYWRIGHT_NODEJS_PATH")
        : Optional.empty();
  }

  static Chromium start() {
    return new Chromium(chromium().orElseThrow(), node().orElseThrow());
  }

  Browser browser() {
    return browser;
  }

  @Override
  public void close() {
    playwright.close();
  }

  private static Optional<Path> chromium() {
    return find("CHROMIUM", "chromium", "chromium-browser", "google-chrome");
  }

  private static Optional<Path> node() {
    return find("PLAYWRIGHT_NODEJS_PATH", "node", "nodejs");
  }

  private static Optional<Path> find(String variable, String... names) {
    String named = System.getenv(variable);
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(names)
        .flatMap(name -> SEPARATOR.splitAsStream(path).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
