package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iq80.leveldb.WriteBatch;

/**
 * Changes of records that take effect together, in order. In the {@link Journal} they stand like
 * this, big-endian:
 *
 * <pre>
 *   u8 1, key (13 bytes), u32 length, value     the record is put
 *   u8 2, key (13 bytes)                        the record is deleted
 *   u8 3, key (13 bytes), u32 length, value     the record is put, and is in the database itself
 *                                               however long it is
 * </pre>
 */
final class Changes {
  private static final byte PUT = 1;
  private static final byte DELETE = 2;
  private static final byte PUT_INSIDE = 3;
  private static final int DELETE_BYTES = 1 + Keys.BYTES;
  private static final int PUT_BYTES = DELETE_BYTES + Integer.BYTES;

  private final List<byte[]> keys = new ArrayList<>();

  /** By key; null for a deletion. */
  private final List<byte[]> values = new ArrayList<>();

  /** Which records are to be in the database itself. */
  private final BitSet inside = new BitSet();

  /** Places of long runs that the database had, by key; several changes may meet the same. */
  private final Map<byte[], byte[]> gone = new TreeMap<>(Arrays::compareUnsigned);

  private long encodedBytes;

  void put(byte[] key, byte[] value) {
    keys.add(key);
    values.add(value);
    encodedBytes += PUT_BYTES + value.length;
  }

  /** Puts a record that is to be in the database itself, however long it is. */
  void putInside(byte[] key, byte[] value) {
    inside.set(keys.size());
    put(key, value);
  }

  /** Says what the database has of a record that is put or deleted. */
  void goes(byte[] key, byte[] record) {
    if (RunPlace.is(key, record)) {
      gone.put(key, record);
    }
  }

  void delete(byte[] key) {
    keys.add(key);
    values.add(null);
    encodedBytes += DELETE_BYTES;
  }

  /** How many records are put and deleted: so many sequence numbers LevelDB gives to them. */
  int count() {
    return keys.size();
  }

  /** Bytes in the journal. */
  long encodedBytes() {
    return encodedBytes;
  }

  void addTo(WriteBatch batch) {
    for (int i = 0; i < keys.size(); i++) {
      if (values.get(i) == null) {
        batch.delete(keys.get(i));
      } else {
        batch.put(keys.get(i), values.get(i));
      }
    }
  }

  /**
   * The same changes for the database, in which long runs are replaced by where they are.
   *
   * @param segment segment of the journal with the changes
   * @param at where they begin in it
   * @param longRunBytes from which length on a run is long
   */
  Changes placed(long segment, long at, int longRunBytes) {
    Changes placed = new Changes();
    long next = at;
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      byte[] value = values.get(i);
      next += value == null ? DELETE_BYTES : PUT_BYTES;
      if (value == null) {
        placed.delete(key);
      } else if (Keys.isType(key, Keys.RUN) && value.length >= longRunBytes && !inside.get(i)) {
        placed.put(key, RunPlace.of(value, segment, next).encode());
      } else {
        placed.put(key, value);
      }
      next += value == null ? 0 : value.length;
    }
    placed.gone.putAll(gone);
    return placed;
  }

  /** Notes where long runs are now, and where they are not needed any more. */
  void noteIn(SegmentUses uses) {
    gone.forEach((key, record) -> uses.drop(key, RunPlace.decode(record)));
    // What goes may be written again more than once.
    Map<byte[], byte[]> last = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < keys.size(); i++) {
      last.put(keys.get(i), values.get(i));
    }
    last.forEach(
        (key, value) -> {
          if (value != null && RunPlace.is(key, value)) {
            uses.note(key, RunPlace.decode(value));
          }
        });
  }

  /** Takes bytes in order. */
  @FunctionalInterface
  interface Sink<X extends Exception> {
    void take(byte[] bytes) throws X;
  }

  <X extends Exception> void encode(Sink<X> sink) throws X {
    for (int i = 0; i < keys.size(); i++) {
      byte[] value = values.get(i);
      ByteBuffer head = ByteBuffer.allocate(value == null ? DELETE_BYTES : PUT_BYTES);
      head.put(kind(i)).put(keys.get(i));
      if (value != null) {
        head.putInt(value.length);
      }
      sink.take(head.array());
      if (value != null) {
        sink.take(value);
      }
    }
  }

  private byte kind(int i) {
    if (values.get(i) == null) {
      return DELETE;
    }
    return inside.get(i) ? PUT_INSIDE : PUT;
  }

  /**
   * Reads changes.
   *
   * @param count how many there are
   * @throws CorruptEntryException if the bytes are something else
   */
  static Changes decode(ByteBuffer bytes, int count) {
    Changes changes = new Changes();
    try {
      for (int i = 0; i < count; i++) {
        byte kind = bytes.get();
        byte[] key = new byte[Keys.BYTES];
        bytes.get(key);
        if (kind == DELETE) {
          changes.delete(key);
        } else {
          byte[] value = value(kind, bytes);
          if (kind == PUT_INSIDE) {
            changes.putInside(key, value);
          } else {
            changes.put(key, value);
          }
        }
      }
    } catch (BufferUnderflowException e) {
      throw new CorruptEntryException("journal record ends within a change");
    }
    if (bytes.hasRemaining()) {
      throw new CorruptEntryException("journal record has more than its changes");
    }
    return changes;
  }

  private static byte[] value(byte kind, ByteBuffer bytes) {
    int length = kind == PUT || kind == PUT_INSIDE ? bytes.getInt() : -1;
    if (length < 0 || length > bytes.remaining()) {
      throw new CorruptEntryException("journal record has a change that makes no sense");
    }
    byte[] value = new byte[length];
    bytes.get(value);
    return value;
  }
}
