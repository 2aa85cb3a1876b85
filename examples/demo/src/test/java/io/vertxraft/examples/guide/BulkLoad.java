package io.vertxraft.examples.guide;

import static io.vertxraft.examples.guide.TypedCounter.AMOUNT;
import static io.vertxraft.examples.guide.TypedCounter.TOTAL;

import io.reactivex.rxjava3.core.Flowable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.CommandStream;
import io.vertxraft.RaftNode;
import io.vertxraft.rx.RaftFlowables;

class BulkLoad {
  Future<Void> load(RaftNode node, ReadStream<Buffer> commands, WriteStream<Buffer> replies) {
    CommandStream stream = node.commandStream();
    Future<Void> allRead = stream.pipeTo(replies);
    return commands.pipeTo(stream).compose(applied -> allRead);
  }

  Flowable<Long> load(RaftNode node, Flowable<Integer> amounts) {
    return amounts.compose(RaftFlowables.apply(node.typed(AMOUNT, TOTAL)));
  }
}
