package io.vertxraft.console.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.RaftNode;
import io.vertxraft.console.PreviewGroup;
import io.vertxraft.console.RaftConsole;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@BrowserTest
class ActionsAndGroupsTest {
  @Test
  void an_action_says_what_it_would_do_before_it_is_done_and_what_came_of_it(
      Visitor visitor, PageServer server) {
    try (LiveGroup group =
        new LiveGroup(
            server,
            "actions",
            (request, action) -> Future.succeededFuture("ana"),
            LiveGroup.QUICK_MS)) {
      String leader = group.leader();
      visitor.opens(group.pageOf(leader));
      String target = leader.equals("n1") ? "n2" : "n1";

      visitor.at("[data-action=transfer]").first().click();
      assertThat(visitor.at("#action-confirm")).isDisabled();
      visitor.at("#parameter-target").selectOption(target);
      assertThat(visitor.at("#action-outcome")).containsText("Would do: " + target);
      assertThat(visitor.at("#action-outcome")).containsText("2 of 3");
      assertThat(visitor.barriers()).isEmpty();
      visitor.photographs("action-1280-light");
      visitor.at("#action-confirm").click();

      assertThat(visitor.at("#action-outcome")).containsText("Done: " + target + " leads");
      visitor.page().keyboard().press("Escape");
      assertThat(visitor.at("#banner .headline")).containsText(target + " leads");
      assertThat(visitor.at("#audit")).containsText("ana: transfer target " + target);

      visitor.at("[data-action=transfer]").first().click();
      visitor.at("#parameter-target").selectOption(leader);
      assertThat(visitor.at("#action-outcome")).containsText("Would be refused:");
      assertThat(visitor.at("#action-confirm")).isDisabled();
    }
  }

  @Test
  void who_may_not_act_is_told_so_and_nothing_happens(Visitor visitor, PageServer server) {
    try (LiveGroup group =
        new LiveGroup(
            server,
            "denied",
            (request, action) -> Future.failedFuture("ben may only look"),
            LiveGroup.QUICK_MS)) {
      String leader = group.leader();
      visitor.opens(group.pageOfFollower());
      visitor.expectsAnswer(403);

      visitor.at("[data-action=kill]").first().click();
      visitor.at("#parameter-member").selectOption(leader);

      assertThat(visitor.at("#action-outcome")).containsText("ben may only look");
      assertThat(visitor.at("#action-confirm")).isDisabled();
      assertThat(visitor.at("#audit")).containsText("denied");
      assertThat(visitor.at("#graph .node")).hasCount(3);
      assertThat(visitor.at("#graph .node.stale")).hasCount(0);
    }
  }

  @Test
  void where_nothing_may_be_changed_no_button_says_otherwise_and_the_log_can_be_read(
      Visitor visitor, PageServer server) {
    try (LiveGroup group = new LiveGroup(server, "reading", null, LiveGroup.QUICK_MS)) {
      group.leader();
      group.write("<b>order</b> 17");
      visitor.opens(group.pageOfFollower());
      assertThat(visitor.at("#actions")).isHidden();
      assertThat(visitor.at("#audit")).isHidden();
      assertThat(visitor.at("#tour-offer")).isHidden();

      visitor.at("#log-newest").click();
      assertThat(visitor.at("#log-body")).containsText("1 command, 15 B");
      assertThat(visitor.at("#log-body")).not().containsText("order");
      visitor.at("#log-payloads").click();
      assertThat(visitor.at("#log-body")).containsText("<b>order</b> 17");
    }
  }

  @Test
  void a_thousand_groups_are_listed_with_the_worst_first_and_found_by_name(
      Visitor visitor, PageServer server) {
    List<RaftNode> nodes =
        IntStream.range(0, 1_000)
            .mapToObj(
                i ->
                    new PreviewGroup("shard-%04d".formatted(i), i == 700 ? "failed" : "healthy", 3)
                        .node())
            .toList();
    RaftConsole console = RaftConsole.groups(server.vertx(), () -> nodes).build();
    visitor.opens(server.mount("many", console));

    assertThat(visitor.at("#groups-body tbody tr")).hasCount(50);
    assertThat(visitor.at("#groups-body tbody tr").first()).containsText("shard-0700");
    assertThat(visitor.at("#groups-place")).hasText("1 to 50 of 1,000");
    assertThat(visitor.barriers()).isEmpty();
    visitor.photographs("groups-1280-light");

    visitor.at("#groups-search").fill("shard-004");
    assertThat(visitor.at("#groups-place")).hasText("1 to 10 of 10");
    visitor.at("#groups-body a").first().click();

    assertThat(visitor.at("#group")).hasText("shop / shard-0040");
    visitor.at("#groups-link").click();
    assertThat(visitor.at("#groups-body tbody tr").first()).containsText("shard-0700");
  }
}
