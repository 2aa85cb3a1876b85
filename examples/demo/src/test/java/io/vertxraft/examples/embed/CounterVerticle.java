package io.vertxraft.examples.embed;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertxraft.Command;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;

public class CounterVerticle extends VerticleBase {
  private LevelDbStorage storage;
  private RaftVerticle raft;
  private long count; // the replicated state

  @Override
  public Future<?> start() {
    var options = new RaftOptions(config().getJsonObject("raft")); // nodeId, members, ...
    var files = new LevelDbOptions().setDirectory(config().getString("data"));
    storage = LevelDbStorage.create(files);
    var transport = GrpcTransport.create(vertx);
    raft = new RaftVerticle(options, StateMachine.of(this::add), storage, transport);
    vertx.eventBus().consumer("counter." + options.getNodeId(), this::handle);
    return vertx.deployVerticle(raft);
  }

  private void handle(Message<Integer> message) {
    raft.node()
        .apply(Buffer.buffer().appendInt(message.body())) // done when a majority has it on disk
        .onSuccess(total -> message.reply(total.getLong(0)))
        .onFailure(failure -> message.fail(503, failure.getMessage()));
  }

  private Buffer add(Command command) { // on every member, in the same order
    count += command.payload().getInt(0);
    return Buffer.buffer().appendLong(count);
  }

  @Override
  public Future<?> stop() {
    return storage.close(); // the member itself has been undeployed before
  }
}
