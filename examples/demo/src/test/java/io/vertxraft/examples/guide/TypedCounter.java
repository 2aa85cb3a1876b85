package io.vertxraft.examples.guide;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Codec;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.TypedStateMachine;

class TypedCounter implements TypedStateMachine<Integer, Long> {
  static final Codec<Integer> AMOUNT =
      Codec.of(amount -> Buffer.buffer().appendInt(amount), bytes -> bytes.getInt(0));
  static final Codec<Long> TOTAL =
      Codec.of(total -> Buffer.buffer().appendLong(total), bytes -> bytes.getLong(0));

  private long total;

  @Override
  public Long apply(Integer amount, long index) {
    return total += amount;
  }

  @Override
  public Long query(Integer ignored) {
    return total;
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return writer.write(Buffer.buffer().appendLong(total));
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return reader.read().onSuccess(state -> total = state.getLong(0)).mapEmpty();
  }
}
