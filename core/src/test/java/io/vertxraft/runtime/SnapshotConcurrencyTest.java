package io.vertxraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.runtime.NodeFixture.Sent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every cell of the table in the guide: what is said there is what happens. */
class SnapshotConcurrencyTest {
  /** The snapshot at hand ends here, in each of the three states. */
  private static final long HERE = 10;

  private final SnapshotFixture fixture = new SnapshotFixture();
  private final Promise<Void> held = Promise.promise();
  private Future<SnapshotResult> saving;
  private Future<SnapshotResult> asked;
  private Future<Void> closed;
  private List<Sent> openQuestions;
  private SnapshotActivity activity;

  static List<List<String>> table() throws IOException {
    Path root = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    while (!Files.isDirectory(root.resolve(".mvn"))) {
      root = root.getParent();
    }
    return Files.readAllLines(root.resolve("docs/guide/snapshots-concurrency.md")).stream()
        .filter(line -> line.startsWith("| "))
        .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::trim).toList())
        .toList();
  }

  static Stream<Arguments> cells() throws IOException {
    List<List<String>> rows = table();
    List<Arguments> cells = new ArrayList<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      for (int column = 1; column < row.size(); column++) {
        cells.add(Arguments.of(rows.get(0).get(column), row.get(0), row.get(column)));
      }
    }
    return cells.stream();
  }

  @Test
  void theTableHasEveryStateAndEveryEvent() throws IOException {
    List<List<String>> rows = table();

    assertThat(rows.get(0)).containsExactly("arriving", "SAVING", "DOWNLOADING", "LOADING");
    assertThat(rows).extracting(row -> row.get(0)).hasSize(8).doesNotHaveDuplicates();
    assertThat(rows).allMatch(row -> row.size() == 4);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @MethodSource("cells")
  void everyCellIsWhatHappens(String state, String arriving, String said) {
    activity = SnapshotActivity.valueOf(state);
    bringTo(activity);
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(activity);
    assertThat(fixture.snapshotStatus().getActivityIndex()).isEqualTo(HERE);

    arrive(arriving);

    check(said);
    assertThat(fixture.ledger.callsWhileLoading).isEmpty();
    assertThat(fixture.node.hasFailed()).isFalse();
  }

  private void bringTo(SnapshotActivity state) {
    fixture.leaderHas(HERE).start();
    switch (state) {
      case SAVING -> {
        fixture.ledger.saving =
            writer -> fixture.ledger.write(writer).compose(done -> held.future());
        fixture.commands(1, HERE);
        saving = fixture.save();
      }
      case DOWNLOADING -> {
        fixture.offer(HERE, HERE);
        fixture.questions().forEach(fixture::answer);
        fixture.questions().forEach(fixture::answer);
        openQuestions = fixture.questions();
      }
      case LOADING -> {
        fixture.ledger.loading =
            reader -> fixture.ledger.read(reader).compose(done -> held.future());
        fixture.offer(HERE, HERE);
        fixture.answerAll();
      }
      case IDLE -> throw new IllegalArgumentException("there is nothing at the same time");
    }
    fixture.base.sent.clear();
  }

  private void arrive(String event) {
    switch (event) {
      case "a save" -> asked = fixture.save();
      case "an install of the same" -> fixture.offer(HERE, HERE);
      case "an install of a newer one" -> {
        fixture.leaderHas(HERE + 2);
        fixture.offer(HERE + 2, HERE + 2);
      }
      case "an install of a newer one, while an older one will do" -> {
        fixture.leaderHas(HERE + 2);
        fixture.offer(HERE + 2, activity == SnapshotActivity.SAVING ? HERE + 1 : HERE);
      }
      case "an install of an older one" -> fixture.offer(HERE - 2, HERE - 2);
      case "a higher term" -> {
        fixture.leader = "n3";
        fixture.term = 2;
        fixture.base.receiver.receive("n3", new Heartbeat(2, 0, 0, 0, 0));
        fixture.run();
      }
      case "close" -> {
        closed = fixture.node.close();
        fixture.run();
      }
      default -> throw new IllegalArgumentException("nobody knows how to play: " + event);
    }
  }

  private void check(String said) {
    switch (said) {
      case "skipped as SKIPPED_SAVING",
          "skipped as SKIPPED_INSTALLING",
          "skipped as SKIPPED_LOADING" -> {
        assertThat(asked.result().getOutcome())
            .isEqualTo(SnapshotOutcome.valueOf(said.substring("skipped as ".length())));
        goesOn();
      }
      case "goes on" -> goesOn();
      case "goes on, and the offer is answered as installed" -> {
        assertThat(fixture.base.sent).contains(InstallSnapshotReply.installed(1, HERE));
        assertThat(fixture.questions()).isEmpty();
        goesOn();
      }
      case "is given up, and the download begins" -> {
        assertThat(saving.cause()).hasMessage("the snapshot that n2 offers takes its place");
        newerIsInstalled();
        held.complete();
        fixture.run();
        assertThat(fixture.base.snapshots.published).containsOnlyKeys(HERE + 2);
      }
      case "ends, and a new one begins" -> newerIsInstalled();
      case "goes on, and an offer after it begins the download" -> {
        assertThat(fixture.questions()).isEmpty();
        goesOn();
        fixture.ledger.loading = fixture.ledger::read;
        fixture.offer(HERE + 2, HERE + 2);
        newerIsInstalled();
      }
      case "ends, and what is here stays" -> endsAndStays();
      case "is given up, and close does not wait" -> {
        assertThat(closed.succeeded()).isTrue();
        assertThat(saving.cause()).hasMessage("n1 is closed");
        held.complete();
        fixture.run();
        assertThat(fixture.base.snapshots.published).isEmpty();
      }
      case "close does not wait" -> assertThat(closed.succeeded()).isTrue();
      default -> throw new IllegalArgumentException("nobody knows how to check: " + said);
    }
  }

  /** What was under way is still, and comes to its end. */
  private void goesOn() {
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(activity);
    assertThat(fixture.snapshotStatus().getActivityIndex()).isEqualTo(HERE);
    switch (activity) {
      case SAVING -> {
        held.complete();
        fixture.run();
        assertThat(saving.result().getLastIndex()).isEqualTo(HERE);
      }
      case DOWNLOADING -> {
        assertThat(fixture.questions()).as("nothing is asked for anew").isEmpty();
        openQuestions.forEach(fixture::answer);
        fixture.answerAll();
        assertThat(fixture.ledger.calls).containsExactly("load " + HERE);
      }
      default -> {
        held.complete();
        fixture.run();
      }
    }
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(HERE));
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    assertThat(fixture.base.snapshots.isGood(HERE)).isTrue();
  }

  private void newerIsInstalled() {
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.DOWNLOADING);
    fixture.answerAll();
    assertThat(fixture.ledger.state()).isEqualTo(Ledger.stateAt(HERE + 2));
    assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
  }

  private void endsAndStays() {
    if (closed == null) {
      assertThat(fixture.snapshotStatus().getActivity()).isEqualTo(SnapshotActivity.IDLE);
    } else {
      assertThat(closed.succeeded()).isTrue();
    }
    openQuestions.forEach(fixture::answer);
    fixture.run();
    assertThat(fixture.questions()).isEmpty();
    fixture.restart().offer(HERE, HERE);
    fixture.questions().forEach(fixture::answer);
    assertThat(fixture.snapshotStatus().getBytesDone()).isEqualTo(8);
  }
}
