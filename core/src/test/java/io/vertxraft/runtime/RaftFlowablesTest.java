package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Codec;
import io.vertxraft.CodecException;
import io.vertxraft.CommandStreamException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.TypedCommands;
import io.vertxraft.rx.RaftFlowables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of commands as a flow: who asks whom for how much. */
class RaftFlowablesTest {
  private final NodeFixture fixture = new NodeFixture();
  private final NodeRuntime node = fixture.lead(NodeFixture.options(1));
  private final List<Long> requested = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();

  private Flowable<Buffer> upstream(int count) {
    return Flowable.range(1, count)
        .map(i -> Buffer.buffer("c" + i))
        .doOnNext(command -> sent.add(command.toString()))
        .doOnRequest(requested::add)
        .doOnCancel(() -> cancelled.add("cancelled"));
  }

  private TestSubscriber<String> subscribe(Flowable<Buffer> upstream, int window, long request) {
    TestSubscriber<String> subscriber = new TestSubscriber<>(request);
    upstream.compose(RaftFlowables.apply(node, Buffer::toString, window)).subscribe(subscriber);
    fixture.scheduler.run();
    return subscriber;
  }

  private void request(TestSubscriber<?> subscriber, long count) {
    subscriber.request(count);
    fixture.scheduler.run();
  }

  private long requestedInAll() {
    return requested.stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void eachCommandGivesItsReplyInOrder() {
    TestSubscriber<String> subscriber = subscribe(upstream(1_000), 16, Long.MAX_VALUE);

    subscriber.assertComplete().assertValueCount(1_000);
    assertThat(subscriber.values()).isEqualTo(sent);
  }

  @Test
  void noMoreIsAskedOfUpstreamThanDownstreamWants() {
    TestSubscriber<String> subscriber = subscribe(upstream(1_000), 16, 0);
    assertThat(sent).isEmpty();

    request(subscriber, 3);
    subscriber.assertValues("c1", "c2", "c3");
    assertThat(requestedInAll()).isEqualTo(3);
    assertThat(sent).hasSize(3);

    request(subscriber, 1);
    subscriber.assertValues("c1", "c2", "c3", "c4");
    assertThat(requestedInAll()).isEqualTo(4);
  }

  @Test
  void noMoreThanTheWindowIsWithoutAReply() {
    fixture.diskIsStuck = true;
    TestSubscriber<String> subscriber = subscribe(upstream(1_000), 16, Long.MAX_VALUE);
    assertThat(sent).hasSize(16);
    assertThat(node.proposalsInFlight()).isEqualTo(16);

    fixture.sync();
    fixture.scheduler.run();

    subscriber.assertValueCount(16);
    assertThat(sent).as("a window's worth of new ones").hasSize(32);
  }

  @Test
  void aWindowOfOneSendsOneByOne() {
    subscribe(upstream(5), 1, Long.MAX_VALUE).assertComplete().assertValueCount(5);

    assertThat(requested).containsOnly(1L);
  }

  @Test
  void whoCancelsSendsNothingMore() {
    fixture.diskIsStuck = true;
    TestSubscriber<String> subscriber = subscribe(upstream(1_000), 4, Long.MAX_VALUE);
    subscriber.cancel();
    fixture.diskIsStuck = false;
    fixture.sync();
    fixture.scheduler.run();

    assertThat(cancelled).hasSize(1);
    assertThat(sent).hasSize(4);
    subscriber.assertNoValues().assertNotComplete().assertNoErrors();
  }

  @Test
  void aCommandThatFailsCancelsUpstreamAndEndsTheFlow() {
    PublishProcessor<Buffer> commands = PublishProcessor.create();
    TestSubscriber<String> subscriber = subscribe(commands, 4, Long.MAX_VALUE);
    commands.onNext(Buffer.buffer("a"));
    fixture.scheduler.run();
    node.close();
    fixture.scheduler.run();
    commands.onNext(Buffer.buffer("b"));
    fixture.scheduler.run();

    subscriber.assertValue("a").assertError(CommandStreamException.class);
    subscriber.assertError(
        failure ->
            ((CommandStreamException) failure).commandNumber() == 2
                && failure.getCause() instanceof Rejected);
    assertThat(commands.hasSubscribers()).isFalse();
  }

  @Test
  void whenUpstreamFailsTheRepliesToWhatCameBeforeAreDelivered() {
    Flowable<Buffer> broken =
        upstream(2).concatWith(Flowable.error(new IllegalStateException("no more input")));

    fixture.diskIsStuck = true;
    TestSubscriber<String> subscriber = subscribe(broken, 16, Long.MAX_VALUE);
    subscriber.assertNoErrors();

    fixture.sync();
    fixture.scheduler.run();

    subscriber.assertValues("c1", "c2").assertError(IllegalStateException.class);
  }

  @Test
  void aFlowOfTypedCommandsStopsAtOneThatHasNoBytes() {
    TypedCommands<Integer, Integer> typed =
        node.typed(
            Codec.of(value -> Buffer.buffer().appendInt(10 / value), bytes -> bytes.getInt(0)),
            Codec.of(value -> Buffer.buffer().appendInt(value), bytes -> bytes.getInt(0)));
    TestSubscriber<Integer> subscriber = new TestSubscriber<>();
    Flowable.just(1, 2, 0, 5).compose(RaftFlowables.apply(typed)).subscribe(subscriber);
    fixture.scheduler.run();

    subscriber.assertValues(10, 5).assertError(CodecException.class);
  }

  @Test
  void aReplyThatCannotBeDecodedEndsTheFlow() {
    TestSubscriber<Integer> subscriber = new TestSubscriber<>();
    upstream(5)
        .compose(RaftFlowables.<Integer>apply(node, reply -> Integer.parseInt(reply.toString())))
        .subscribe(subscriber);
    fixture.scheduler.run();

    subscriber.assertNoValues().assertError(NumberFormatException.class);
    assertThat(cancelled).hasSize(1);
  }

  @Test
  void aWindowOfNothingIsAMistake() {
    assertThatThrownBy(() -> RaftFlowables.apply(node, Buffer::toString, 0))
        .hasMessageContaining("window is 0");
  }
}
