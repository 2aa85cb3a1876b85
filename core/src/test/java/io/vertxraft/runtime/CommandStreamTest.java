package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandStream;
import io.vertxraft.CommandStreamException;
import io.vertxraft.CommandStreamOptions;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of commands written as a stream, and of who waits for whom. */
class CommandStreamTest {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final FakeGroup group = new FakeGroup();
  private final List<Runnable> waitForRoom = new ArrayList<>();
  private final List<String> replies = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final List<String> drained = new ArrayList<>();

  private CommandStream stream(int bytesMax, int commandsMax) {
    CommandStreamOptions options =
        new CommandStreamOptions().setBytesMax(bytesMax).setCommandsMax(commandsMax);
    return listen(new CommandPipe(group, waitForRoom::add, scheduler, options));
  }

  private CommandStream stream() {
    return stream(1_000, 100);
  }

  private CommandStream listen(CommandStream stream) {
    return stream
        .exceptionHandler(failures::add)
        .endHandler(ended -> replies.add("end"))
        .handler(reply -> replies.add(reply.toString()));
  }

  private Future<Void> write(CommandStream stream, String command) {
    return stream.write(Buffer.buffer(command));
  }

  private void run() {
    scheduler.run();
  }

  private static Rejected.Reason rejection(Future<?> result) {
    assertThat(result.cause()).isInstanceOf(Rejected.class);
    return ((Rejected) result.cause()).reason();
  }

  // --- order ------------------------------------------------------------------------------------

  @Test
  void repliesComeInTheOrderOfTheWritesWhateverTheOrderOfTheAnswers() {
    CommandStream stream = stream();
    write(stream, "a");
    write(stream, "b");
    write(stream, "c");
    run();
    assertThat(group.commands).containsExactly("a", "b", "c");

    group.answer(2);
    group.answer(1);
    run();
    assertThat(replies).isEmpty();

    group.answer(0);
    run();
    assertThat(replies).containsExactly("A", "B", "C");
  }

  @Test
  void aWriteIsDoneWhenItsCommandIsAppliedReadOrNot() {
    CommandStream stream = stream().pause();
    Future<Void> written = write(stream, "a");
    run();
    assertThat(written.isComplete()).isFalse();

    group.answer(0);
    run();

    assertThat(written.succeeded()).isTrue();
    assertThat(replies).isEmpty();
  }

  @Test
  void theEndComesAfterTheLastReplyHasBeenRead() {
    CommandStream stream = stream().pause();
    write(stream, "a");
    Future<Void> end = stream.end();
    run();
    group.answer(0);
    run();
    assertThat(end.isComplete()).isFalse();

    stream.fetch(1);
    run();

    assertThat(end.succeeded()).isTrue();
    assertThat(replies).containsExactly("A", "end");
    assertThat(write(stream, "late").cause()).hasMessageContaining("was ended");
  }

  @Test
  void aHandlerThatThrowsHarmsNoOtherReply() {
    CommandStream stream = stream();
    stream.handler(
        reply -> {
          replies.add(reply.toString());
          if (replies.size() == 1) {
            throw new IllegalStateException("the reader's own trouble");
          }
        });
    stream.pause();
    group.answersAtOnce = true;
    write(stream, "a");
    write(stream, "b");
    run();
    stream.resume();

    assertThatThrownBy(this::run).hasMessage("the reader's own trouble");
    run();

    assertThat(replies).containsExactly("A", "B");
  }

  // --- pressure ---------------------------------------------------------------------------------

  @Test
  void theQueueIsFullByBytesUntilHalfOfThemAreAnsweredAndRead() {
    CommandStream stream = stream(4, 100);
    stream.drainHandler(room -> drained.add("drained"));
    run();
    drained.clear();
    for (String command : List.of("aa", "bb")) {
      assertThat(stream.writeQueueFull()).isFalse();
      write(stream, command);
    }
    run();
    assertThat(stream.writeQueueFull()).isTrue();
    assertThat(drained).isEmpty();

    group.answer(0);
    run();

    assertThat(stream.writeQueueFull()).isFalse();
    assertThat(drained).containsExactly("drained");
  }

  @Test
  void manySmallCommandsFillTheQueueToo() {
    CommandStream stream = stream(1_000, 2);
    write(stream, "");
    assertThat(stream.writeQueueFull()).isFalse();
    write(stream, "");

    assertThat(stream.writeQueueFull()).isTrue();
  }

  @Test
  void aReaderThatPausesSlowsTheWriterDown() {
    group.answersAtOnce = true;
    CommandStream stream = stream(1_000, 2).pause();
    stream.drainHandler(room -> drained.add("drained"));
    run();
    drained.clear();
    write(stream, "a");
    write(stream, "b");
    run();
    assertThat(group.commands).containsExactly("a", "b");
    assertThat(stream.writeQueueFull()).isTrue();

    stream.fetch(1);
    run();

    assertThat(replies).containsExactly("A");
    assertThat(stream.writeQueueFull()).isFalse();
    assertThat(drained).containsExactly("drained");
  }

  @Test
  void aLargeReplyThatIsNotReadCountsByItsOwnSize() {
    CommandStream stream = stream(4, 100).pause();
    write(stream, "a");
    run();
    assertThat(stream.writeQueueFull()).isFalse();

    group.answers.get(0).complete(Buffer.buffer("larger"));
    run();

    assertThat(stream.writeQueueFull()).isTrue();
  }

  @Test
  void aWriteThatFindsTwiceTheLimitIsRefusedAndTheStreamGoesOn() {
    CommandStream stream = stream(1_000, 2);
    for (String command : List.of("a", "b", "c", "d")) {
      write(stream, command);
    }
    Future<Void> refused = write(stream, "e");
    run();
    assertThat(rejection(refused)).isEqualTo(Rejected.Reason.OVERLOADED);
    assertThat(refused.cause()).hasMessageContaining("drainHandler");

    group.answerAll();
    run();
    write(stream, "f");
    run();

    assertThat(replies).containsExactly("A", "B", "C", "D");
    assertThat(group.commands).containsExactly("a", "b", "c", "d", "f");
    assertThat(failures).isEmpty();
  }

  @Test
  void aWriterThatAsksToBeToldAfterTheQueueHasDrainedIsTold() {
    group.answersAtOnce = true;
    CommandStream stream = stream(1_000, 2);
    write(stream, "a");
    write(stream, "b");
    assertThat(stream.writeQueueFull()).isTrue();
    run();

    stream.drainHandler(room -> drained.add("drained"));
    run();

    assertThat(drained).containsExactly("drained");
  }

  // --- a group without room ---------------------------------------------------------------------

  @Test
  void whatTheGroupHasNoRoomForWaitsAtTheHeadAndKeepsItsPlace() {
    CommandStream stream = stream();
    group.room = 1;
    write(stream, "a");
    write(stream, "b");
    write(stream, "c");
    run();
    assertThat(group.commands).containsExactly("a");
    assertThat(waitForRoom).hasSize(1);

    group.room = 10;
    waitForRoom.get(0).run();
    run();
    group.answerAll();
    run();

    assertThat(replies).containsExactly("A", "B", "C");
    assertThat(failures).isEmpty();
  }

  @Test
  void whileThereIsNoRoomTheGroupIsNotAskedAgainAtEachWrite() {
    CommandStream stream = stream();
    List<String> refusals = new ArrayList<>();
    group.room = 0;
    group.onOverload = () -> refusals.add("refused");
    write(stream, "a");
    run();
    int before = refusals.size();

    write(stream, "b");
    write(stream, "c");
    run();

    assertThat(refusals).hasSize(before);
  }

  @Test
  void roomThatComesBeforeTheStreamHasAskedToBeToldIsNotMissed() {
    CommandStream stream = stream();
    group.room = 0;
    // The answer is on its way back when room comes, and nobody will be told of it.
    group.onOverload = () -> group.room = 10;
    write(stream, "a");
    run();

    assertThat(group.commands).containsExactly("a");
  }

  @Test
  void aMemberTellsTheStreamWhenOtherCallersHaveLeftItsBudget() {
    NodeFixture fixture = new NodeFixture();
    NodeRuntime node =
        fixture.lead(new RaftOptions(NodeFixture.options(1)).setProposalsInFlightMax(2));
    fixture.diskIsStuck = true;
    Future<Buffer> other = fixture.apply(node, "x");
    Future<Buffer> another = fixture.apply(node, "y");
    CommandStream stream = listen(node.commandStream());
    write(stream, "a");
    write(stream, "b");
    write(stream, "c");
    fixture.scheduler.run();
    assertThat(node.proposalsInFlight()).isEqualTo(2);
    assertThat(rejection(fixture.apply(node, "z"))).isEqualTo(Rejected.Reason.OVERLOADED);

    fixture.diskIsStuck = false;
    fixture.sync();
    fixture.scheduler.run();

    assertThat(other.succeeded() && another.succeeded()).isTrue();
    assertThat(replies).containsExactly("a", "b", "c");
    assertThat(failures).isEmpty();
  }

  // --- failures ---------------------------------------------------------------------------------

  @Test
  void aCommandThatFailsEndsTheStreamAfterTheRepliesBeforeIt() {
    CommandStream stream = stream();
    Future<Void> a = write(stream, "a");
    Future<Void> b = write(stream, "b");
    Future<Void> c = write(stream, "c");
    run();
    RaftException lost = new Unknown(Unknown.Reason.LEADERSHIP_LOST, "leadership was lost", null);
    group.answers.get(1).fail(lost);
    Future<Void> d = write(stream, "d");
    run();
    assertThat(failures).as("the first one may still be applied").isEmpty();
    assertThat(b.cause()).isSameAs(lost);
    assertThat(d.cause()).isInstanceOf(CommandStreamException.class);

    group.answer(0);
    group.answer(2);
    run();

    assertThat(replies).containsExactly("A");
    assertThat(a.succeeded()).isTrue();
    assertThat(c.succeeded()).as("it was on its way, and was applied").isTrue();
    assertThat(group.commands).containsExactly("a", "b", "c");
    CommandStreamException failure = (CommandStreamException) failures.get(0);
    assertThat(failures).hasSize(1);
    assertThat(failure).hasCause(lost);
    assertThat(failure.commandNumber()).isEqualTo(2);
    assertThat(failure.appliedBefore()).isEqualTo(1);
    assertThat(failure.sentAfter()).isEqualTo(1);
    assertThat(failure)
        .hasMessage(
            "command 2 of the stream failed, the 1 before it were applied, 1 after it had been"
                + " sent already, nothing more is sent: leadership was lost");
    assertThat(stream.end().cause()).isSameAs(failure);
  }

  @Test
  void afterAFailureNothingIsSentAndTheWriterIsNotLeftWaiting() {
    CommandStream stream = stream(1_000, 2);
    write(stream, "a");
    Future<Void> unsent = write(stream, "b");
    group.room = 1;
    run();
    assertThat(stream.writeQueueFull()).isTrue();
    stream.drainHandler(room -> drained.add("drained"));

    group.answers.get(0).fail(new Rejected(Rejected.Reason.NOT_LEADER, "no leader", null));
    run();

    assertThat(drained).containsExactly("drained");
    assertThat(stream.writeQueueFull()).isFalse();
    assertThat(unsent.cause()).hasMessageContaining("command 1 of the stream failed");
    assertThat(write(stream, "c").cause()).isInstanceOf(CommandStreamException.class);
    assertThat(group.commands).containsExactly("a");
  }

  @Test
  void whoAsksForTheEndLateIsToldOnce() {
    CommandStream stream =
        new CommandPipe(group, waitForRoom::add, scheduler, new CommandStreamOptions());
    Future<Void> end = stream.end();
    run();
    stream.endHandler(ended -> replies.add("end"));
    run();
    stream.endHandler(ended -> replies.add("end again"));
    run();
    assertThat(end.succeeded()).isTrue();
    assertThat(replies).containsExactly("end");
  }

  @Test
  void anOverloadThatIsToldLateEndsTheStream() {
    CommandStream stream = stream();
    write(stream, "a");
    run();
    group.answers.get(0).fail(new Rejected(Rejected.Reason.OVERLOADED, "the leader is full", null));
    run();

    assertThat(failures).hasSize(1);
    assertThat(group.commands).containsExactly("a");
    assertThat(stream.write(Buffer.buffer("b")).failed()).isTrue();
  }

  @Test
  void whoGivesTheStreamUpHearsNothingAndSendsNothingMore() {
    CommandStream stream = stream();
    group.room = 1;
    write(stream, "a");
    Future<Void> unsent = write(stream, "b");
    Future<Void> end = stream.end();
    run();
    stream.close();
    group.answerAll();
    group.room = 10;
    waitForRoom.forEach(Runnable::run);
    run();

    assertThat(group.commands).containsExactly("a");
    assertThat(replies).isEmpty();
    assertThat(failures).isEmpty();
    assertThat(unsent.cause()).hasMessage("the stream was closed");
    assertThat(end.cause()).hasMessage("the stream was closed");
  }

  @Test
  void whenTheMemberClosesTheStreamSaysSo() {
    NodeFixture fixture = new NodeFixture();
    NodeRuntime node = fixture.lead(NodeFixture.options(1));
    CommandStream stream = listen(node.commandStream());
    write(stream, "a");
    fixture.scheduler.run();
    Promise<Void> done = Promise.promise();
    node.close().onComplete(done);
    fixture.scheduler.run();

    Future<Void> late = write(stream, "b");
    fixture.scheduler.run();

    assertThat(replies).containsExactly("a");
    assertThat(rejection(late)).isEqualTo(Rejected.Reason.SHUTTING_DOWN);
    assertThat(failures.get(0)).hasMessageContaining("command 2 of the stream failed");
  }

  // --- mistakes ---------------------------------------------------------------------------------

  @Test
  void withoutAContextAStreamOverOtherCommandsSaysHowToMakeOne() {
    assertThatThrownBy(() -> CommandStream.over(group, new CommandStreamOptions()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs a Vert.x context");
  }

  @Test
  void aLimitThatIsNoneIsNamed() {
    assertThatThrownBy(() -> stream(0, 1)).hasMessageContaining("bytesMax is 0");
    assertThatThrownBy(() -> stream(1, 0)).hasMessageContaining("commandsMax is 0");
    CommandStream stream = stream();
    assertThatThrownBy(() -> stream.setWriteQueueMaxSize(-1))
        .hasMessageContaining("bytesMax is -1");
    assertThatThrownBy(() -> stream.fetch(-1)).hasMessageContaining("fetch(-1)");
  }
}
