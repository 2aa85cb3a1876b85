package io.vertxraft.console.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@BrowserTest
class PageIsForEverybodyTest {
  private static final Pattern A_LINE = Pattern.compile("M.*");

  /** Notes what changes its place while the time that is told changes thirty times. */
  private static final String WATCH_JUMPS =
      """
      () => {
        window.jumps = [];
        let changes = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => entry.sources.forEach(
          ({node}) => window.jumps.push(`${node?.nodeName} ${node?.textContent?.slice(0, 60)}`))))
          .observe({type: 'layout-shift'});
        new MutationObserver(() => { changes += 1; document.body.dataset.watched = String(changes >= 30); })
          .observe(document.getElementById('told'), {childList: true, characterData: true, subtree: true});
      }
      """;

  @ParameterizedTest
  @CsvSource({
    "healthy, 1280, LIGHT",
    "snapshots, 360, DARK",
    "noleader, 1280, DARK",
    "degraded, 360, LIGHT"
  })
  void nobody_is_kept_out_in_light_or_dark_on_a_desk_or_in_a_hand(
      String scenario, int width, ColorScheme scheme, Visitor visitor, PageServer server) {
    visitor.sees(width, width == 360 ? 780 : 900, scheme).opens(server.preview(scenario, 3));
    assertThat(visitor.at("#charts-body path.line").first()).hasAttribute("d", A_LINE);
    visitor.photographs(
        "%s-%d-%s".formatted(scenario, width, scheme.name().toLowerCase(Locale.ROOT)));

    assertThat(visitor.barriers()).isEmpty();
    assertThat(visitor.page().evaluate("document.documentElement.scrollWidth"))
        .as("nothing is wider than the window")
        .isEqualTo(width);
  }

  @Test
  void the_dialogs_keep_nobody_out_either(Visitor visitor, PageServer server) {
    visitor.sees(1280, 900, ColorScheme.DARK).opens(server.preview("conditions", 3));

    visitor.at("#graph [data-member=n2]").press("Enter");
    assertThat(visitor.at("#member .report-role")).hasText("leader, term 7");
    assertThat(visitor.barriers()).isEmpty();

    visitor.page().keyboard().press("Escape");
    visitor.page().keyboard().press("?");
    assertThat(visitor.at("#help")).isVisible();
    assertThat(visitor.barriers()).isEmpty();
  }

  @Test
  void everything_is_reached_with_the_keyboard(Visitor visitor, PageServer server) {
    visitor.opens(server.preview("healthy", 3));

    visitor.at("#graph [data-member=n3]").focus();
    visitor.page().keyboard().press("Enter");
    assertThat(visitor.at("#member-title")).hasText("n3");
    visitor.page().keyboard().press("Escape");
    assertThat(visitor.at("#member")).isHidden();
    assertThat(visitor.at("#graph [data-member=n3]")).isFocused();

    visitor.at("#membership [data-member=n1]").press("Space");
    visitor.at("#membership [data-member=n2]").press("Space");
    assertThat(visitor.at("#membership .what-if"))
        .hasText(
            "Without n1 and n2, 1 of 3 voters is left and 2 are needed: nothing can be decided");

    visitor.page().keyboard().press("4");
    assertThat(visitor.at("#charts-title")).isFocused();
  }

  @Test
  void a_barrier_that_is_built_on_purpose_is_found(Visitor visitor, PageServer server) {
    visitor.opens(server.preview("healthy", 3));

    visitor
        .page()
        .evaluate("document.querySelector('main').append(document.createElement('button'))");

    assertThat(visitor.barriers()).singleElement().asString().startsWith("button-name");
  }

  @Test
  void nothing_jumps_while_numbers_change_ten_times_a_second(Visitor visitor, PageServer server) {
    visitor.opens(server.mountPreview("fast", "healthy", 3, 100).path());
    assertThat(visitor.at("#charts-body path.line").first())
        .hasAttribute("d", Pattern.compile("M.*L.*"));

    visitor.page().evaluate(WATCH_JUMPS);
    assertThat(visitor.at("body")).hasAttribute("data-watched", "true");

    assertThat((List<?>) visitor.page().evaluate("window.jumps")).isEmpty();
  }

  @Test
  void letters_are_no_keys_for_those_who_do_not_want_them(Visitor visitor, PageServer server) {
    visitor.opens(server.preview("healthy", 3));
    visitor.page().keyboard().press("m");
    assertThat(visitor.at("#member")).isVisible();
    visitor.page().keyboard().press("Escape");
    // Keys are the dialog's until it has gone.
    assertThat(visitor.at("#member")).isHidden();

    visitor.page().keyboard().press("?");
    visitor.at("#help-letters").uncheck();
    visitor.page().keyboard().press("Escape");
    assertThat(visitor.at("#help-letters")).isHidden();
    visitor.page().keyboard().press("m");
    visitor.page().keyboard().press("ArrowLeft");

    assertThat(visitor.at("body")).hasClass("past");
    assertThat(visitor.at("#member")).isHidden();
  }
}
