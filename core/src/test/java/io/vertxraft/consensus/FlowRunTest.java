package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A flow that says something else than what happens, or says it wrongly, must fail. */
class FlowRunTest {
  private static final String STORY = "# A story.\n# Source: a book.\n";

  private static final String SINGLE =
      STORY
          + """

          nodes 1
          tick n1
            n1 PRE_CANDIDATE t0: no leader heard
            n1 CANDIDATE t1: pre-vote won
            n1 writes t1 vote=n1

          # The end.
          expect n1 CANDIDATE t1
          """;

  @Test
  void whatTheScriptSaysIsCompared() {
    run(SINGLE).compare();
  }

  @Test
  void anotherOutputIsReportedWithFileLineAndCommand() {
    assertThatThrownBy(run(SINGLE.replace("writes t1", "writes t2"))::compare)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("story.txt:5 'tick n1'")
        .hasMessageContaining("n1 writes t1 vote=n1");
  }

  @Test
  void aMissingLineAndOneTooManyAreReported() {
    String line = "  n1 writes t1 vote=n1\n";
    assertThatThrownBy(run(SINGLE.replace(line, ""))::compare).isInstanceOf(AssertionError.class);
    assertThatThrownBy(run(SINGLE.replace(line, line + line))::compare)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void anUpdateRewritesWhatIsPrintedAndNothingElse() {
    FlowRun run = run(SINGLE.replace("writes t1", "writes t2").replace("CANDIDATE t1:", "?"));

    run.record();

    assertThat(String.join("\n", run.recorded()) + "\n").isEqualTo(SINGLE);
  }

  @Test
  void anUpdateDoesNotRewriteWhatIsExpectedAndKeepsWhatFollowsIt() {
    String broken =
        SINGLE.replace("expect n1 CANDIDATE t1", "expect n1 LEADER t1") + "state\n  as it was\n";
    FlowRun run = run(broken);

    assertThatThrownBy(run::record)
        .hasMessageContaining("story.txt:11 'expect n1 LEADER t1': n1 is CANDIDATE t1 vote=n1")
        .hasMessageEndingWith("not LEADER");
    assertThat(String.join("\n", run.recorded()) + "\n").isEqualTo(broken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jump n1                | 'jump' is no command; there are nodes, log
          tick n4                | 'n4' is no member; they are n1 to n3
          deliver n1             | 'n1' is no link; write n1->n2
          deliver n1->n2 Letter  | 'Letter' is neither a number such as #1 nor one of [AppendEntries,
          deliver n1->n2         | no message n1->n2 is on its way
          deliver n1->n9         | 'n9' is no member; they are n1 to n3
          cut n1->n2 #1          | leave out #1; all are meant
          release all            | no message *->* is held
          sync n1                | n1 writes nothing
          restart n1             | n1 is up
          wait day               | 'day' is no time; wait for a heartbeat
          log n1 a               | 'a' is no log entry; write term:command
          log n1 2:a 1:b         | '1:b' follows an entry of a higher term
          log n1 x:a             | 'x' is not a number
          nodes 3                | a flow has one line 'nodes 3', its first
          expect n1              | write 'expect n1 LEADER t2'
          settle n1              | takes 0 arguments, not 1
          """)
  void aCommandThatMakesNoSenseSaysWhy(String command, String reason) {
    assertThatThrownBy(run(STORY + "nodes 3\n" + command + "\n")::compare)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("story.txt:4 '%s': %s", command, reason);
  }

  @Test
  void aDiskIsFilledOnlyBeforeAnythingHappens() {
    assertThatThrownBy(run(STORY + "nodes 3\nstate\nlog n1 1:a\n")::record)
        .hasMessageContaining("say what is on disk before anything happens");
  }

  @Test
  void aScriptWithoutStorySourceOrCommandAboveItsOutputIsRefused() {
    assertThatThrownBy(() -> run("nodes 3\n")).hasMessageContaining("tells the story");
    assertThatThrownBy(() -> run("# A story.\nnodes 3\n")).hasMessageContaining("its source");
    assertThatThrownBy(() -> run("# Source: a book.\nnodes 3\n")).hasMessageContaining("story");
    assertThatThrownBy(() -> run(STORY + "nodes 3\n\n  output\n"))
        .hasMessage("story.txt:5 is output without a command directly above it");
  }

  private static FlowRun run(String text) {
    return new FlowRun(FlowScript.parse("story.txt", List.of(text.split("\n"))));
  }
}
