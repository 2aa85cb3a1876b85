package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandStream;
import io.vertxraft.CommandStreamOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream to something that does not say when it has room, on a real Vert.x context. */
class CommandStreamOnVertxTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void itTriesAgainUntilThereIsRoomAndCallsTheContextOfItsMaker() throws Exception {
    FakeGroup group = new FakeGroup();
    List<String> refusals = new ArrayList<>();
    group.answersAtOnce = true;
    group.room = 0;
    group.onOverload =
        () -> {
          refusals.add("refused");
          group.room = refusals.size() == 6 ? 10 : 0;
        };
    Promise<Context> replied = Promise.promise();
    Context maker = vertx.getOrCreateContext();

    maker.runOnContext(
        ignored -> {
          CommandStream stream = CommandStream.over(group, new CommandStreamOptions());
          stream.handler(reply -> replied.complete(Vertx.currentContext()));
          stream.write(Buffer.buffer("a"));
        });

    assertThat(replied.future().await(20, TimeUnit.SECONDS)).isSameAs(maker);
    assertThat(group.commands).containsExactly("a");
  }
}
