package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.examples.kv.KvReply.KeyInfo;
import io.vertxraft.examples.kv.KvReply.Status;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KvStateMachineTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  private final KvStateMachine machine = new KvStateMachine();
  private long index;

  @Test
  void a_value_is_read_back_with_the_index_and_term_of_its_write() {
    KvReply written = put("a", "one", Condition.NONE);
    put("b", "other", Condition.NONE);

    KvReply read = get("a");

    assertThat(written).isEqualTo(KvReply.of(Status.OK, 1, 7));
    assertThat(read).isEqualTo(KvReply.value(1, 7, Buffer.buffer("one")));
    assertThat(get("c")).isEqualTo(KvReply.of(Status.NOT_FOUND, 0, 0));
  }

  @Test
  void a_write_with_an_index_takes_place_only_if_the_entry_has_it() {
    put("a", "one", Condition.NONE);

    assertThat(put("a", "two", Condition.index(1)).status()).isEqualTo(Status.OK);
    assertThat(put("a", "three", Condition.index(1)))
        .isEqualTo(KvReply.of(Status.PRECONDITION_FAILED, 2, 7));
    assertThat(put("absent", "x", Condition.index(1)))
        .isEqualTo(KvReply.of(Status.PRECONDITION_FAILED, 0, 0));
    assertThat(put("absent", "x", Condition.index(0)).status())
        .isEqualTo(Status.PRECONDITION_FAILED);
    assertThat(get("a").value()).isEqualTo(Buffer.buffer("two"));
    assertThat(get("absent").status()).isEqualTo(Status.NOT_FOUND);
  }

  @Test
  void a_write_can_ask_that_the_key_is_absent_or_present() {
    assertThat(put("a", "x", Condition.PRESENT).status()).isEqualTo(Status.PRECONDITION_FAILED);
    assertThat(put("a", "x", Condition.ABSENT).status()).isEqualTo(Status.OK);
    assertThat(put("a", "y", Condition.ABSENT))
        .isEqualTo(KvReply.of(Status.PRECONDITION_FAILED, 2, 7));
    assertThat(put("a", "y", Condition.PRESENT).status()).isEqualTo(Status.OK);
  }

  @Test
  void a_delete_removes_the_entry_and_honours_its_condition() {
    put("a", "x", Condition.NONE);

    assertThat(delete("a", Condition.index(9)).status()).isEqualTo(Status.PRECONDITION_FAILED);
    assertThat(delete("a", Condition.index(1))).isEqualTo(KvReply.of(Status.OK, 3, 7));
    assertThat(delete("a", Condition.NONE).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(delete("a", Condition.index(1)).status()).isEqualTo(Status.PRECONDITION_FAILED);
    assertThat(put("a", "again", Condition.ABSENT).status()).isEqualTo(Status.OK);
  }

  @Test
  void keys_are_listed_in_the_order_of_their_unsigned_bytes() {
    for (String key : List.of("b", "a/2", "\u00e9", "a/1", "a", "\ud83d\ude00", "\uffee")) {
      put(key, key, Condition.NONE);
    }

    assertThat(keys(list("", "", 100)))
        .containsExactly("a", "a/1", "a/2", "b", "\u00e9", "\uffee", "\ud83d\ude00");
    assertThat(keys(list("a/", "", 100))).containsExactly("a/1", "a/2");
    assertThat(keys(list("a", "a", 100))).containsExactly("a/1", "a/2");
    assertThat(keys(list("a", "b", 100))).isEmpty();
    assertThat(keys(list("b", "a", 100))).containsExactly("b");
    assertThat(keys(list("zz", "", 100))).isEmpty();
  }

  @Test
  void a_listing_stops_at_its_limit_and_says_so() {
    put("a", "12345", Condition.NONE);
    put("b", "", Condition.NONE);
    put("c", "", Condition.NONE);

    assertThat(list("", "", 2))
        .isEqualTo(
            KvReply.listing(
                List.of(new KeyInfo(KvKey.of("a"), 1, 5), new KeyInfo(KvKey.of("b"), 2, 0)), true));
    assertThat(list("", "b", 2).more()).isFalse();
    assertThat(list("", "", 3).more()).isFalse();
  }

  @Test
  void a_full_map_refuses_what_would_make_it_larger_but_not_what_makes_it_smaller() {
    long room = 2 * (1 + 10 + KvStateMachine.ENTRY_OVERHEAD_BYTES);
    assertThat(putLimited("a", "0123456789", room).status()).isEqualTo(Status.OK);
    assertThat(putLimited("b", "0123456789", room).status()).isEqualTo(Status.OK);

    assertThat(putLimited("b", "0123456789+", room).status()).isEqualTo(Status.STORE_FULL);
    assertThat(putLimited("c", "", room).status()).isEqualTo(Status.STORE_FULL);
    assertThat(putLimited("b", "9876543210", room).status()).isEqualTo(Status.OK);
    assertThat(putLimited("b", "9", 1).status()).isEqualTo(Status.OK);
    assertThat(get("b").value()).isEqualTo(Buffer.buffer("9"));
  }

  @Test
  void the_bytes_held_are_counted_exactly() {
    put("a", "12345", Condition.NONE);
    put("a", "123", Condition.NONE);
    put("bb", "1", Condition.NONE);
    assertThat(machine.bytes()).isEqualTo(4 + 3 + 2 * KvStateMachine.ENTRY_OVERHEAD_BYTES);

    delete("a", Condition.NONE);
    delete("bb", Condition.NONE);
    assertThat(machine.bytes()).isZero();
  }

  @Test
  void bytes_that_are_no_command_are_answered_and_change_nothing() {
    put("a", "x", Condition.NONE);

    KvReply reply = machine.apply(2, 7, Buffer.buffer(new byte[] {1, 99}));

    assertThat(reply).isEqualTo(KvReply.of(Status.MALFORMED, 2, 7));
    assertThat(get("a").status()).isEqualTo(Status.OK);
  }

  @Test
  void bytes_that_are_no_query_fail_the_query_and_nothing_else() {
    put("a", "x", Condition.NONE);

    assertThatThrownBy(() -> machine.query(Buffer.buffer(new byte[] {1, 99})))
        .hasMessage("operation 99 is not known");
    assertThat(get("a").status()).isEqualTo(Status.OK);
  }

  @Test
  void a_command_of_a_later_version_fails_the_member_instead_of_being_skipped() {
    assertThatThrownBy(() -> machine.apply(1, 1, Buffer.buffer(new byte[] {2, 1})))
        .hasMessageContaining("run the newer program on this member");
  }

  @Test
  void members_that_apply_the_same_log_in_different_batches_agree_on_every_reply() {
    List<Command> log = randomLog(new Random(7), 3_000);

    List<Buffer> oneByOne = applyInBatches(new KvStateMachine(), log, 1);
    List<Buffer> batched = applyInBatches(new KvStateMachine(), log, 64);

    assertThat(batched).isEqualTo(oneByOne);
    assertThat(oneByOne.stream().map(reply -> KvCodec.decodeReply(reply).status()).distinct())
        .contains(Status.OK, Status.NOT_FOUND, Status.PRECONDITION_FAILED, Status.STORE_FULL);
  }

  @Test
  void the_map_does_what_a_plain_map_does() {
    Random random = new Random(11);
    TreeMap<String, String> model = new TreeMap<>();
    for (int round = 0; round < 3_000; round++) {
      String key = "k" + random.nextInt(40);
      String value = "v" + round;
      switch (random.nextInt(3)) {
        case 0 -> {
          put(key, value, Condition.NONE);
          model.put(key, value);
        }
        case 1 ->
            assertThat(delete(key, Condition.NONE).status() == Status.OK)
                .isEqualTo(model.remove(key) != null);
        default -> {
          KvReply read = get(key);
          assertThat(read.status() == Status.OK ? read.value().toString() : null)
              .isEqualTo(model.get(key));
        }
      }
    }
    assertThat(keys(list("", "", 1_000))).containsExactlyElementsOf(model.keySet());
  }

  private static List<Command> randomLog(Random random, int length) {
    EntryCodec codec = new EntryCodec("default");
    List<Command> log = new ArrayList<>();
    for (int i = 1; i <= length; i++) {
      KvKey key = KvKey.of("key-" + random.nextInt(30));
      Condition condition =
          switch (random.nextInt(4)) {
            case 0 -> Condition.ABSENT;
            case 1 -> Condition.PRESENT;
            case 2 -> Condition.index(random.nextInt(i));
            default -> Condition.NONE;
          };
      KvCommand command =
          switch (random.nextInt(4)) {
            case 0, 1 ->
                new KvCommand.Put(
                    key, Buffer.buffer("v".repeat(random.nextInt(50))), condition, 3_000);
            default -> new KvCommand.Delete(key, condition);
          };
      byte[] payload = KvCodec.encode(command).getBytes();
      log.add(new Command(codec.encode(i, 1 + i / 100, EntryType.COMMAND, payload)));
    }
    return log;
  }

  private static List<Buffer> applyInBatches(
      KvStateMachine machine, List<Command> log, int batchEntries) {
    List<Buffer> replies = new ArrayList<>();
    for (int from = 0; from < log.size(); from += batchEntries) {
      List<Command> batch = log.subList(from, Math.min(log.size(), from + batchEntries));
      replies.addAll(machine.apply(batch).result());
    }
    return replies;
  }

  private KvReply put(String key, String value, Condition condition) {
    return apply(new KvCommand.Put(KvKey.of(key), Buffer.buffer(value), condition, NO_LIMIT));
  }

  private KvReply putLimited(String key, String value, long storeBytesMax) {
    return apply(
        new KvCommand.Put(KvKey.of(key), Buffer.buffer(value), Condition.NONE, storeBytesMax));
  }

  private KvReply delete(String key, Condition condition) {
    return apply(new KvCommand.Delete(KvKey.of(key), condition));
  }

  private KvReply get(String key) {
    return query(new KvQuery.Get(KvKey.of(key)));
  }

  private KvReply list(String prefix, String after, int limit) {
    return query(new KvQuery.List(KvKey.of(prefix), KvKey.of(after), limit));
  }

  private static List<String> keys(KvReply listing) {
    return listing.keys().stream().map(info -> info.key().toString()).toList();
  }

  private KvReply query(KvQuery query) {
    return KvCodec.decodeReply(machine.query(KvCodec.encode(query)).result());
  }

  private KvReply apply(KvCommand command) {
    return machine.apply(++index, 7, KvCodec.encode(command));
  }
}
