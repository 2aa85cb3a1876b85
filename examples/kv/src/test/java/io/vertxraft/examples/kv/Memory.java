package io.vertxraft.examples.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process really holds: its live objects, and its anonymous memory. With a heap that is
 * touched at the start, the growth of the latter is that of everything but the heap.
 *
 * @param heapBytes live objects
 * @param anonymousBytes resident memory that is no file
 */
record Memory(long heapBytes, long anonymousBytes) {
  private static final Pattern LIVE = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");

  /** Looks at a process, which stands still for a moment. */
  static Memory of(long pid) throws IOException, InterruptedException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    // Counts live objects at a standstill: nothing that is allocated meanwhile.
    long live = number(LIVE, jcmd(pid, "GC.class_histogram"));
    return new Memory(live, number(ANONYMOUS, Files.readString(status)) * 1_024);
  }

  /** By how much this is more than another. */
  Memory minus(Memory other) {
    return new Memory(heapBytes - other.heapBytes, anonymousBytes - other.anonymousBytes);
  }

  /** What is more of either. */
  Memory max(Memory other) {
    return new Memory(
        Math.max(heapBytes, other.heapBytes), Math.max(anonymousBytes, other.anonymousBytes));
  }

  /** In MiB. */
  @Override
  public String toString() {
    return "heap %d MiB, besides %d MiB".formatted(heapBytes >> 20, anonymousBytes >> 20);
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("cannot read the memory of a process from: " + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
