package io.vertxraft.console.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@BrowserTest
class TimeTravelTest {
  private static final Pattern PAST = Pattern.compile("past");

  /** Notes how old an event is when the page shows it: the clock is the same. */
  private static final String WATCH_EVENTS =
      """
      () => {
        const known = new Set([...document.querySelectorAll('#events li')].map((li) => li.dataset.key));
        window.eventAges = [];
        new MutationObserver(() => document.querySelectorAll('#events li').forEach((li) => {
          if (!known.has(li.dataset.key)) {
            known.add(li.dataset.key);
            window.eventAges.push(Date.now() - Date.parse(li.querySelector('time').dateTime));
          }
        })).observe(document.getElementById('events-body'), {childList: true, subtree: true});
      }
      """;

  private static final String HOSTILE = "<img src=x onerror=document.title='hacked'>";

  @Test
  void one_goes_back_to_a_moment_names_it_by_its_address_and_returns(
      Visitor visitor, PageServer server) {
    try (LiveGroup group = new LiveGroup(server, "travel", null, LiveGroup.SLOW_MS)) {
      String leader = group.leader();
      visitor.opens(group.pageOfFollower());
      assertThat(visitor.at("#banner .headline")).containsText("Healthy");

      visitor.page().evaluate(WATCH_EVENTS);
      PageServer.await(group.kill(leader));
      assertThat(visitor.at("#banner .headline")).not().containsText("Healthy: " + leader);
      System.out.println("from event to page, ms: " + visitor.page().evaluate("window.eventAges"));
      String successor = group.leader();
      assertThat(visitor.at("#banner .headline")).containsText(successor + " leads");

      visitor.page().keyboard().press("Home");
      assertThat(visitor.at("body")).hasClass(PAST);
      assertThat(visitor.at("#banner .headline")).containsText(leader + " leads");
      assertThat(visitor.at("#live")).hasAttribute("aria-pressed", "false");
      visitor.page().keyboard().press("Shift+ArrowRight");
      assertThat(visitor.at("#banner .headline")).not().containsText("Healthy: " + leader);

      String meta = visitor.at("#banner .meta").textContent().replaceAll(", .*", "");
      assertThat(visitor.page().url()).matches(".*#at=\\d+");
      visitor.page().reload();
      assertThat(visitor.at("#banner .meta")).containsText(meta);
      visitor.photographs("past-1280-light");

      visitor.at("#live").click();
      assertThat(visitor.at("body")).not().hasClass(PAST);
      assertThat(visitor.at("#banner .headline")).containsText(successor + " leads");
      assertThat(visitor.page().url()).doesNotContain("#at");
    }
  }

  @Test
  void a_bundle_opens_without_its_member_and_what_is_in_it_is_text(
      Visitor visitor, PageServer server, @TempDir Path directory) throws IOException {
    visitor.opens(server.preview("degraded", 3));
    assertThat(visitor.at("#charts-body path.line").first())
        .hasAttribute("d", Pattern.compile("M.*L.*"));
    Download download = visitor.page().waitForDownload(() -> visitor.at("#save").click());
    Path bundle = directory.resolve("raft.zip");
    download.saveAs(bundle);
    Path hostile = directory.resolve("hostile.zip");
    rewrite(bundle, hostile, "\"n3\"", "\"" + HOSTILE + "\"");

    // A page whose own member is somebody else: everything comes from the file.
    visitor.opens(server.preview("healthy", 5));
    visitor.at("#file").setInputFiles(hostile);

    assertThat(visitor.at("#link")).hasText("Bundle");
    assertThat(visitor.at("#banner .meta")).containsText("hostile.zip: seen from n1 at");
    assertThat(visitor.at("#banner .headline")).containsText("Degraded");
    assertThat(visitor.at("#graph .node")).hasCount(3);
    assertThat(visitor.at("#rulers")).containsText(HOSTILE);
    assertThat(visitor.at("body img")).hasCount(0);
    assertThat(visitor.page().title()).doesNotContain("hacked");
    visitor.page().keyboard().press("ArrowLeft");
    assertThat(visitor.at("#actions")).isHidden();
  }

  @Test
  void a_file_that_is_no_bundle_is_refused_in_words(
      Visitor visitor, PageServer server, @TempDir Path directory) throws IOException {
    visitor.opens(server.preview("healthy", 3));
    Path text = Files.writeString(directory.resolve("notes.zip"), "x".repeat(500));
    visitor.at("#file").setInputFiles(text);
    assertThat(visitor.at("#problem"))
        .hasText("notes.zip cannot be opened: this is no ZIP file, or not all of one");

    Path other = directory.resolve("other.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(other))) {
      zip.putNextEntry(new ZipEntry("manifest.json"));
      zip.write("{\"format\": \"holiday\"}".getBytes(StandardCharsets.UTF_8));
    }
    visitor.at("#file").setInputFiles(other);
    assertThat(visitor.at("#problem")).containsText("its format is 'holiday'");
    assertThat(visitor.at("#link")).hasText("Connected");
  }

  private static void rewrite(Path from, Path to, String old, String replacement)
      throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(from));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        out.write(text.replace(old, replacement).getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
