package io.vertxraft.testkit.spec;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertxraft.testkit.spec.TraceEvent.Receive;
import io.vertxraft.testkit.spec.TraceEvent.Sent;
import io.vertxraft.testkit.spec.TraceEvent.Start;
import io.vertxraft.testkit.spec.TraceEvent.Step;
import io.vertxraft.testkit.spec.TraceEvent.StepKind;
import io.vertxraft.testkit.spec.TraceEvent.Stop;
import io.vertxraft.testkit.spec.TraceEvent.Turn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Replays a protocol trace against the Raft specification: every observed transition must be one of
 * its actions, and what an action requires must have happened. It keeps a model of each member and
 * of the network, built from the trace alone.
 *
 * <p>Feed it a whole trace ({@link #check(Path)} and its siblings), or line by line while a
 * simulation runs. The first broken rule is thrown as a {@link SpecViolation}; the replay is of no
 * use after that. Not safe for use by several threads.
 *
 * <p>Where the paper leaves freedom, so does the replay: when to send and whether to answer, when
 * timeouts fire, when to stand down, which hints a refusal gives, and whether to refuse a vote or
 * pre-vote that could be granted. Membership changes and snapshots are not part of the trace.
 */
public final class SpecReplay {
  private final SpecJudge judge = new SpecJudge();
  private final SpecHistory history = new SpecHistory(judge);
  private final SpecNetwork network = new SpecNetwork(judge, history);
  private final StateGuards states = new StateGuards(judge, history);
  private final StepGuards steps =
      new StepGuards(
          judge, states, new ElectionGuards(judge, history, states), new LogGuards(judge, states));
  private final SendGuards sends = new SendGuards(judge);
  private final Map<String, SpecMember> members = new HashMap<>();
  private long skipped;

  /** A replay that has seen nothing. */
  public SpecReplay() {}

  /**
   * Checks the trace in a file.
   *
   * @return what was seen, if no rule is broken
   * @throws SpecViolation at the first broken rule
   * @throws MalformedTraceException at the first line that is no event
   * @throws UncheckedIOException if the file cannot be read
   */
  public static SpecReport check(Path trace) {
    try (BufferedReader reader = Files.newBufferedReader(trace, StandardCharsets.UTF_8)) {
      return check(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the trace " + trace + ": " + e, e);
    }
  }

  /** As {@link #check(Path)}, from a reader, which stays open. */
  public static SpecReport check(Reader trace) {
    return check(new BufferedReader(trace).lines());
  }

  /** As {@link #check(Path)}, from the lines of a trace. */
  public static SpecReport check(Stream<String> lines) {
    SpecReplay replay = new SpecReplay();
    lines.forEachOrdered(replay::line);
    return replay.report();
  }

  /**
   * The next line of the trace. Empty lines are skipped.
   *
   * @throws SpecViolation if it breaks a rule
   * @throws MalformedTraceException if it is no event
   */
  public void line(String line) {
    if (line.isBlank()) {
      skipped++;
      judge.skip();
      return;
    }
    JsonObject json;
    try {
      json = new JsonObject(line);
    } catch (DecodeException e) {
      throw new MalformedTraceException(judge.line() + 1, e.getMessage(), e);
    }
    event(json);
  }

  /** The next event, as an object of the trace's form; as {@link #line(String)}. */
  public void event(JsonObject json) {
    TraceEvent event;
    try {
      event = TraceParser.parse(json);
    } catch (IllegalArgumentException e) {
      throw new MalformedTraceException(judge.line() + 1, e.getMessage(), e);
    }
    event(event);
  }

  /**
   * The next event.
   *
   * @throws SpecViolation if it breaks a rule
   */
  public void event(TraceEvent event) {
    judge.begin(event);
    SpecMember member = members.computeIfAbsent(event.node(), SpecMember::new);
    if (event instanceof Start start) {
      states.restart(member, start);
      return;
    }
    judge.require(member.isRunning(), SpecRule.LIFE_CYCLE, "%s has not been started", event.node());
    if (event instanceof Stop) {
      judge.action(SpecAction.STOP);
      member.stop();
    } else if (event instanceof Turn turn) {
      turn(member, turn);
    } else if (event instanceof Receive receive) {
      receive(member, receive);
    } else {
      own(member, (Step) event);
    }
  }

  /** What has been seen so far. */
  public SpecReport report() {
    SpecReport report = judge.report();
    return new SpecReport(report.events() - skipped, report.actions());
  }

  private void own(SpecMember member, Step event) {
    SpecStep step = SpecStep.of(member, event.state(), event.change());
    states.begin(step);
    steps.own(step, event);
    states.conclude(step, event.kind() == StepKind.PERSISTED, event.seq());
  }

  private void receive(SpecMember member, Receive event) {
    network.received(event);
    SpecStep step = SpecStep.of(member, event.state(), event.change());
    states.begin(step);
    steps.receive(step, event);
    states.conclude(step, false, 0);
  }

  private void turn(SpecMember member, Turn turn) {
    member.disk().turn(turn.write(), member.state(), member.log());
    for (Sent sent : turn.sent()) {
      sends.check(member, sent);
      network.sent(member.id(), member.disk(), sent);
    }
    member.endTurn();
  }
}
