package io.vertxraft.console.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@BrowserTest
class LinksAndWordsTest {
  private static final Pattern SILENT = Pattern.compile("\\bsilent\\b");
  private static final Pattern OK = Pattern.compile("\\bok\\b");

  @Test
  void a_link_that_is_cut_one_way_is_drawn_as_cut_one_way(Visitor visitor, PageServer server) {
    visitor.opens(server.preview("oneway", 3));

    assertThat(visitor.at("[data-key='link n3 n2']")).hasClass(SILENT);
    assertThat(visitor.at("[data-key='link n3 n2'] .cross")).hasCount(1);
    assertThat(visitor.at("[data-key='link n2 n3']")).hasClass(OK);
    assertThat(visitor.at("[data-key='link n2 n3'] .cross")).hasCount(0);
    assertThat(visitor.at("#findings")).containsText("one way");
    visitor.photographs("oneway-1280-light");
  }

  @Test
  void what_members_report_is_text_whatever_it_looks_like(Visitor visitor, PageServer server) {
    visitor.opens(server.preview("hostile", 3));

    assertThat(visitor.at("#rulers")).containsText("<img src=x onerror=document.title='hacked'>");
    assertThat(visitor.at("#rulers")).containsText("<img src=x onerror=alert(1)>");
    assertThat(visitor.at("#events")).containsText("<b onmouseover=alert(1)>cause</b>");
    visitor.at("#graph .node.failed").press("Enter");
    assertThat(visitor.at("#member-body"))
        .containsText("<img src=x onerror=document.title='hacked'>");

    assertThat(visitor.at("body img, body b[onmouseover], body script")).hasCount(0);
    assertThat(visitor.page().title()).doesNotContain("hacked");
  }

  @Test
  void a_silent_member_is_grey_and_its_silence_is_told(Visitor visitor, PageServer server) {
    visitor.opens(server.preview("degraded", 3));

    assertThat(visitor.at("#graph .node[data-member=n3]")).hasClass(Pattern.compile("stale"));
    assertThat(visitor.at("#seen")).containsText("n3 silent for");
    assertThat(visitor.at("#rulers [data-key=n3] .age")).containsText("no report for");
  }

  @Test
  void a_page_whose_member_is_gone_says_so_and_what_it_shows_looks_old(
      Visitor visitor, PageServer server) {
    PageServer.Mount mount = server.mountPreview("leaving", "healthy", 3, 250);
    visitor.opens(mount.path());
    assertThat(visitor.at("#link")).hasText("Connected");

    visitor.expectsAnswer(503);
    mount.close();

    assertThat(visitor.at("#banner .headline")).containsText("No connection to n1 for");
    assertThat(visitor.at("#banner .meta")).containsText("the console of node n1 is closed");
    assertThat(visitor.at("#link")).hasText("No connection");
    assertThat(visitor.at("body")).hasClass(Pattern.compile("cut"));
    assertThat(visitor.barriers()).isEmpty();
    visitor.photographs("stale-1280-light");
    visitor.page().keyboard().press("ArrowLeft");
    assertThat(visitor.at("#banner .headline")).containsText("No connection");
    assertThat(visitor.at("body")).hasClass(Pattern.compile("past"));
  }
}
