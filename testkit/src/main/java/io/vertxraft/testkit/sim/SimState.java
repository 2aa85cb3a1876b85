package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.testkit.ChainHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of a {@link SimStateMachine} in a snapshot.
 *
 * @param lastIndex index of the last command applied
 * @param stateHash hash over all commands applied
 * @param numbers values of registers and counters, by key
 * @param lists values of lists, by key
 */
record SimState(
    long lastIndex, long stateHash, Map<Integer, Long> numbers, Map<Integer, List<Long>> lists) {
  private static final String HEAD = "head";
  private static final String PART = "keys/part-";
  private static final int PARTS = 8;

  /** Takes the state as it is now, and writes it. */
  static Future<Void> save(
      SnapshotWriter writer,
      long lastIndex,
      long stateHash,
      Map<Integer, Long> numbers,
      Map<Integer, List<Long>> lists) {
    List<Buffer> parts = new ArrayList<>();
    for (int i = 0; i < PARTS; i++) {
      parts.add(Buffer.buffer());
    }
    new TreeMap<>(numbers)
        .forEach(
            (key, value) -> parts.get(key % PARTS).appendInt(key).appendInt(1).appendLong(value));
    new TreeMap<>(lists)
        .forEach(
            (key, list) -> {
              Buffer part = parts.get(key % PARTS).appendInt(key).appendInt(list.size());
              list.forEach(part::appendLong);
            });
    long hash = ChainHash.EMPTY;
    for (Buffer part : parts) {
      hash = ChainHash.link(hash, ChainHash.bytes(part.getBytes()));
    }
    Buffer head = Buffer.buffer().appendLong(lastIndex).appendLong(stateHash).appendLong(hash);
    List<Future<Void>> written = new ArrayList<>();
    written.add(writer.write(HEAD, head));
    for (int i = 0; i < PARTS; i++) {
      written.add(writer.write(PART + i, parts.get(i)));
    }
    return Future.all(written).mapEmpty();
  }

  /** Reads a state; fails if its parts are not those of one state. */
  static Future<SimState> load(SnapshotReader reader) {
    List<Future<Buffer>> read = new ArrayList<>();
    read.add(reader.read(HEAD));
    for (int i = 0; i < PARTS; i++) {
      read.add(reader.read(PART + i));
    }
    return Future.all(read).map(all -> decode(all.list()));
  }

  private static SimState decode(List<Buffer> files) {
    Map<Integer, Long> numbers = new HashMap<>();
    Map<Integer, List<Long>> lists = new HashMap<>();
    long hash = ChainHash.EMPTY;
    for (Buffer part : files.subList(1, files.size())) {
      hash = ChainHash.link(hash, ChainHash.bytes(part.getBytes()));
      decodePart(part, numbers, lists);
    }
    Buffer head = files.get(0);
    if (hash != head.getLong(2 * Long.BYTES)) {
      throw new IllegalStateException("the parts of the snapshot are not of one state");
    }
    return new SimState(head.getLong(0), head.getLong(Long.BYTES), numbers, lists);
  }

  private static void decodePart(
      Buffer part, Map<Integer, Long> numbers, Map<Integer, List<Long>> lists) {
    int at = 0;
    while (at < part.length()) {
      int key = part.getInt(at);
      int count = part.getInt(at + Integer.BYTES);
      at += 2 * Integer.BYTES;
      List<Long> values = new ArrayList<>();
      for (int i = 0; i < count; i++, at += Long.BYTES) {
        values.add(part.getLong(at));
      }
      if (KeyModel.of(key) == KeyModel.LIST) {
        lists.put(key, values);
      } else {
        numbers.put(key, values.get(0));
      }
    }
  }
}
