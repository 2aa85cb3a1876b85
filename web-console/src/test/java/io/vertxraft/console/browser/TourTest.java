package io.vertxraft.console.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.vertx.core.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@BrowserTest
class TourTest {
  @Test
  void five_steps_lead_from_a_leader_to_the_reasons_of_its_fall(
      Visitor visitor, PageServer server) {
    try (LiveGroup group =
        new LiveGroup(
            server,
            "tour",
            (request, action) -> Future.succeededFuture("ana"),
            LiveGroup.SLOW_MS)) {
      String leader = group.leader();
      visitor.opens(group.pageOfFollower());
      Locator tour = visitor.at("#tour");

      visitor.at("#tour-offer button").click();
      assertThat(tour).containsText(leader + " leads");
      visitor.photographs("tour-1280-light");
      next(tour);

      tour.getByText("Kill " + leader).click();
      assertThat(tour).containsText("took over");
      next(tour);

      cut(tour);
      assertThat(tour).containsText("the one back is whole");
      assertThat(visitor.at("#graph .link.silent .cross")).hasCount(1);
      next(tour);

      tour.getByText("Back to the kill").click();
      assertThat(visitor.at("#banner .meta")).containsText("As it was at");
      assertThat(visitor.page().url()).contains("#at=");
      assertThat(visitor.at("#banner .headline")).not().containsText("Healthy");
      next(tour);

      assertThat(visitor.at("#findings")).hasClass(Pattern.compile("spoken-of"));
      tour.getByText("Mend everything and go live").click();
      assertThat(tour).isHidden();
      assertThat(visitor.at("#banner .headline")).containsText("Healthy");
      assertThat(visitor.at("#audit")).containsText("ana: kill member " + leader);
    }
  }

  private static void next(Locator tour) {
    tour.getByText("Next").click();
  }

  /** If the page is served by the new leader, the tour has it hand over before. */
  private static void cut(Locator tour) {
    Locator button = tour.locator(".primary");
    assertThat(button).containsText(Pattern.compile("Cut|Hand over"));
    if (button.textContent().startsWith("Hand over")) {
      button.click();
      assertThat(button).containsText("Cut");
    }
    button.click();
  }
}
