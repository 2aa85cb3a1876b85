package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.examples.kv.KvReply.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server writes into a snapshot, and takes from one. */
class KvSnapshotTest {
  private static final long FILE_BYTES = 20_000;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final KvSnapshot format = new KvSnapshot(FILE_BYTES);
  private final KvStateMachine machine = new KvStateMachine(format);
  private long index;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 500, 5_000})
  void a_map_is_what_it_was_after_saving_and_loading(int entries) throws Exception {
    fill(entries);
    MemorySnapshot snapshot = save(machine);

    for (int pieceBytes : new int[] {7, 1_000, 1_000_000}) {
      KvStateMachine other = new KvStateMachine(format);
      load(other, snapshot, pieceBytes);

      assertThat(everything(other)).isEqualTo(everything(machine));
      assertThat(other.bytes()).isEqualTo(machine.bytes());
    }
  }

  @Test
  void a_snapshot_replaces_all_that_was_there() throws Exception {
    fill(100);
    MemorySnapshot snapshot = save(machine);
    KvStateMachine other = new KvStateMachine(format);
    other.apply(1, 1, put("what the other had", "x"));

    load(other, snapshot, 1_000);

    assertThat(everything(other)).isEqualTo(everything(machine));
  }

  @Test
  void what_is_written_while_saving_goes_on_is_not_in_the_snapshot() throws Exception {
    fill(3_000);
    Map<String, KvReply> before = everything(machine);
    MemorySnapshot snapshot = new MemorySnapshot();
    AtomicInteger writtenMeanwhile = new AtomicInteger();

    onContext(
        () -> {
          Future<Void> saved = machine.saveSnapshot(snapshot.writer());
          keepWriting(saved, writtenMeanwhile);
          return saved;
        });

    assertThat(writtenMeanwhile).hasValueGreaterThan(10);
    KvStateMachine other = new KvStateMachine(format);
    load(other, snapshot, 1_000);
    assertThat(everything(other)).isEqualTo(before).isNotEqualTo(everything(machine));
  }

  /** Writes in every turn of the event loop that the saving leaves free. */
  private void keepWriting(Future<Void> saving, AtomicInteger written) {
    if (!saving.isComplete()) {
      machine.apply(++index, 7, put("key-" + written.incrementAndGet(), "changed meanwhile"));
      context.runOnContext(v -> keepWriting(saving, written));
    }
  }

  @Test
  void saving_waits_for_the_disk_and_writes_little_at_a_time() throws Exception {
    fill(5_000);

    MemorySnapshot snapshot = save(machine);

    assertThat(snapshot.writesBesideQueueMax).isZero();
    assertThat(snapshot.longestWriteBytes).isLessThan(70_000);
    assertThat(snapshot.writes).isGreaterThan(10);
  }

  @Test
  void a_snapshot_that_is_given_up_is_written_no_further() throws Exception {
    fill(5_000);
    MemorySnapshot snapshot = new MemorySnapshot();

    Future<Void> saved =
        onContextWithoutWaiting(
            () -> {
              Future<Void> saving = machine.saveSnapshot(snapshot.writer());
              context.runOnContext(
                  turn -> context.runOnContext(v -> snapshot.givenUp.fail("it takes too long")));
              return saving;
            });

    assertThatThrownBy(() -> HttpStory.await(saved)).hasRootCauseMessage("it takes too long");
    int writes = snapshot.writes;
    turns(100);
    assertThat(snapshot.writes).isEqualTo(writes);
  }

  @Test
  void a_disk_that_is_full_fails_the_snapshot_and_not_the_map() throws Exception {
    fill(5_000);
    Map<String, KvReply> before = everything(machine);
    MemorySnapshot snapshot = new MemorySnapshot();
    snapshot.failAfterWrites = 5;

    Future<Void> saved = onContextWithoutWaiting(() -> machine.saveSnapshot(snapshot.writer()));

    assertThatThrownBy(() -> HttpStory.await(saved)).hasRootCauseMessage("no space left on device");
    assertThat(everything(machine)).isEqualTo(before);
  }

  @Test
  void files_that_hold_what_has_not_changed_are_the_same_in_the_next_snapshot() throws Exception {
    fill(5_000);
    MemorySnapshot first = save(machine);
    machine.apply(++index, 7, put("key-2500-and-a-new-one", "between the others"));
    machine.apply(
        ++index, 7, KvCodec.encode(new KvCommand.Delete(KvKey.of("key-17"), Condition.NONE)));

    MemorySnapshot second = save(machine);

    assertThat(first.content.values().stream().map(Buffer::length).toList())
        .hasSizeGreaterThan(15)
        .allMatch(length -> length <= 4 * FILE_BYTES + 300);
    List<Buffer> changed =
        second.content.values().stream()
            .filter(file -> !first.content.containsValue(file))
            .toList();
    assertThat(changed).as("head, and the files of two keys").hasSizeBetween(2, 5);
  }

  @Test
  void while_the_map_is_being_replaced_reads_are_refused() throws Exception {
    fill(3_000);
    MemorySnapshot snapshot = save(machine);
    KvStateMachine other = new KvStateMachine(format);
    Promise<Throwable> refusal = Promise.promise();

    onContext(
        () -> {
          Future<Void> loaded = other.loadSnapshot(snapshot.reader(1_000));
          other
              .query(KvCodec.encode(new KvQuery.Get(KvKey.of("key-1"))))
              .onFailure(refusal::complete);
          return loaded;
        });

    assertThat(HttpStory.await(refusal.future()))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(503))
        .hasMessage("the map is being replaced by that of a snapshot");
    assertThat(get(other, "key-1").status()).isEqualTo(Status.OK);
  }

  // --- damage -----------------------------------------------------------------------------------

  @Test
  void a_snapshot_of_a_later_version_is_refused_and_the_remedy_named() {
    assertRefused(
        snapshot -> snapshot.content.get("head").setInt(8, 2),
        "file 'head' of the snapshot at index 42 cannot be loaded after byte 0: the snapshot has"
            + " format version 2, this program knows 1; run the newer program on this member");
  }

  @Test
  void a_snapshot_of_another_application_is_refused() {
    assertRefused(snapshot -> snapshot.content.remove("head"), "'head'", "there is no such file");
    assertRefused(
        snapshot -> snapshot.content.put("head", Buffer.buffer("state")),
        "'head'",
        "raft-kv did not write it");
    assertRefused(
        snapshot -> snapshot.content.get("head").appendByte((byte) 0),
        "'head'",
        "it has 29 bytes instead of 28");
  }

  @Test
  void damaged_entries_are_refused_with_their_place() {
    assertRefused(
        snapshot -> cut(snapshot, "entries-000001", 1),
        "'entries-000001'",
        "it ends within an entry");
    assertRefused(
        snapshot -> snapshot.content.get("entries-000001").setInt(22 + keyBytes(snapshot), -5),
        "'entries-000001' of the snapshot at index 42 cannot be loaded after byte 0",
        "an entry says that its value has -5 bytes");
    assertRefused(
        snapshot -> snapshot.content.get("entries-000001").setByte(2, (byte) 0xff),
        "'entries-000001'",
        "not valid UTF-8");
  }

  @Test
  void entries_that_are_missing_repeated_or_in_another_order_are_refused() {
    assertRefused(
        snapshot -> snapshot.content.remove("entries-000001"),
        "'head'",
        "it says that there are 2000 entries of");
    assertRefused(
        snapshot -> snapshot.content.put("more", snapshot.content.get("entries-000000").copy()),
        "'more'",
        "comes after");
  }

  private static int keyBytes(MemorySnapshot snapshot) {
    return snapshot.content.get("entries-000001").getUnsignedShort(0) - 4;
  }

  private static void cut(MemorySnapshot snapshot, String file, int bytes) {
    Buffer content = snapshot.content.get(file);
    snapshot.content.put(file, content.getBuffer(0, content.length() - bytes));
  }

  private void assertRefused(Consumer<MemorySnapshot> damage, String... told) {
    KvStateMachine other = new KvStateMachine(format);
    fill(2_000);
    MemorySnapshot snapshot = save(machine);
    damage.accept(snapshot);

    Future<Void> loaded = onContextWithoutWaiting(() -> other.loadSnapshot(snapshot.reader(1_000)));

    assertThatThrownBy(() -> HttpStory.await(loaded))
        .cause()
        .satisfies(failure -> assertThat(failure.getMessage()).contains(told));
  }

  // --- tools ------------------------------------------------------------------------------------

  private void fill(int entries) {
    Random random = new Random(3);
    for (int i = 0; i < entries; i++) {
      machine.apply(++index, 7, put("key-" + i, "v".repeat(random.nextInt(200))));
    }
  }

  private MemorySnapshot save(KvStateMachine saved) {
    MemorySnapshot snapshot = new MemorySnapshot();
    onContext(() -> saved.saveSnapshot(snapshot.writer()));
    return snapshot;
  }

  private void load(KvStateMachine target, MemorySnapshot snapshot, int pieceBytes) {
    onContext(() -> target.loadSnapshot(snapshot.reader(pieceBytes)));
  }

  private void onContext(Supplier<Future<Void>> action) {
    HttpStory.await(onContextWithoutWaiting(action));
  }

  private Future<Void> onContextWithoutWaiting(Supplier<Future<Void>> action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(v -> action.get().onComplete(done));
    return done.future();
  }

  private void turns(int count) {
    for (int i = 0; i < count; i++) {
      onContext(Future::succeededFuture);
    }
  }

  private static Buffer put(String key, String value) {
    return KvCodec.encode(
        new KvCommand.Put(KvKey.of(key), Buffer.buffer(value), Condition.NONE, Long.MAX_VALUE));
  }

  private static KvReply get(KvStateMachine machine, String key) {
    return machine.answer(new KvQuery.Get(KvKey.of(key)));
  }

  /** All keys, values and versions. */
  private static Map<String, KvReply> everything(KvStateMachine machine) {
    Map<String, KvReply> all = new LinkedHashMap<>();
    machine
        .answer(new KvQuery.List(KvKey.EMPTY, KvKey.EMPTY, Integer.MAX_VALUE))
        .keys()
        .forEach(info -> all.put(info.key().toString(), get(machine, info.key().toString())));
    return all;
  }
}
