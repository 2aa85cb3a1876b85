package io.vertxraft.console.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Somebody with a browser window, who notes every error and every request to a foreign place. */
final class Visitor {
  /** Long for a slow machine; what is waited for is mostly there at once. */
  static final double PATIENCE_MS = 20_000;

  private static final String AXE = axe();
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final String address;
  private final BrowserContext context;
  private final Page page;
  private final List<String> errors = new ArrayList<>();
  private final List<String> foreign = new ArrayList<>();
  private final List<String> tolerated = new ArrayList<>();

  Visitor(Browser browser, String address) {
    this.address = address;
    context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 900));
    context.setDefaultTimeout(PATIENCE_MS);
    context.onRequest(
        request -> {
          if (!request.url().startsWith(address + "/")) {
            foreign.add(request.url());
          }
        });
    page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (List.of("error", "warning").contains(message.type())) {
            errors.add(message.text());
          }
        });
    page.onPageError(errors::add);
    page.onDialog(dialog -> errors.add("dialog: " + dialog.message()));
  }

  Page page() {
    return page;
  }

  /** An answer with this status is part of the story; the browser reports it as an error. */
  void expectsAnswer(int status) {
    tolerated.add("the server responded with a status of " + status);
  }

  /** Opens a page and waits for its first picture. */
  Visitor opens(String path) {
    page.navigate(address + path);
    page.waitForSelector("body:not(.waiting)");
    return this;
  }

  Visitor sees(int width, int height, ColorScheme scheme) {
    page.setViewportSize(width, height);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    return this;
  }

  Locator at(String selector) {
    return page.locator(selector);
  }

  /** What keeps people out, as axe finds it by WCAG 2.2 A and AA. */
  List<String> barriers() {
    page.evaluate(AXE);
    Object found =
        page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
                + " 'wcag22aa']})).violations.flatMap((v) => v.nodes.map((n) => v.id + ' ' + n.target +"
                + " ': ' + n.failureSummary))");
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  /** A picture for people, in the build's directory. */
  Path photographs(String name) {
    Path file = SCREENSHOTS.resolve(name + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
    return file;
  }

  /** Ends the visit; after a story that went well there is nothing to complain about. */
  void leave(boolean wentWell) {
    List<String> unexpected =
        errors.stream().filter(e -> tolerated.stream().noneMatch(e::contains)).toList();
    context.close();
    if (wentWell) {
      assertThat(unexpected).as("errors in the page").isEmpty();
      assertThat(foreign).as("requests to other places").isEmpty();
    }
  }

  private static String axe() {
    try (InputStream script = Visitor.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
