package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.peer.Library;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Under which conditions something was measured, as sentences. */
final class Conditions {
  private Conditions() {}

  static List<String> of(PeersPlan plan, Path place) throws IOException {
    List<String> conditions = new ArrayList<>();
    conditions.add(
        Runtime.getRuntime().availableProcessors()
            + " processors ("
            + System.getProperty("os.arch")
            + "), "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", data on "
            + Files.getFileStore(place).type());
    conditions.add(
        System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.vm.version")
            + ", options "
            + String.join(" ", plan.jvmOptions())
            + ", collectors "
            + String.join(
                ", ",
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .map(GarbageCollectorMXBean::getName)
                    .toList()));
    conditions.add(
        plan.rounds()
            + " rounds, "
            + plan.seconds()
            + " s each after "
            + plan.warmUpSeconds()
            + " s of warm-up, "
            + (plan.fresh()
                ? "fresh clusters in each round"
                : "one fresh cluster per library for all rounds, which idles while others have their turn")
            + "; election timeout 1 s, all on loopback, all synced");
    for (Library library : plan.libraries()) {
      conditions.add(library.key() + " (" + library.title() + "): " + library.settings());
    }
    return conditions;
  }
}
