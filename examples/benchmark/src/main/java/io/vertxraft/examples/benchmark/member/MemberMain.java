package io.vertxraft.examples.benchmark.member;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.load.LoadResult;
import io.vertxraft.examples.benchmark.load.Loads;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.peer.MemberSetup;
import io.vertxraft.examples.benchmark.peer.RaftMember;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A process with one member or several. It takes orders as lines from its standard input and ends
 * with it, so that none is left behind; it answers with lines that begin with {@link #MARK}, since
 * libraries print to the standard output as they like.
 */
public final class MemberMain {
  static final String MARK = "@raft-bench ";
  static final String STARTED = "started";
  static final String LEADER = "leader";
  static final String USAGE = "usage";
  static final String COLLECT = "collect";
  static final String LOAD = "load";
  static final String OPENED = "opened";
  static final String CLOSED = "closed";
  static final String RESULT = "result";
  static final String PROBE = "probe";
  static final String ACKNOWLEDGED = "acknowledged";
  static final String TROUBLE = "trouble";

  private final PrintStream answers;
  private final List<RaftMember> members = new ArrayList<>();
  private final Probe probe = new Probe(members);

  private MemberMain(PrintStream answers) {
    this.answers = answers;
  }

  /** Arguments: library, ports, places to start members of here, directory, groups, synced. */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    MemberMain main = new MemberMain(answers);
    try {
      main.start(arguments);
      main.serve();
    } catch (Exception | LinkageError trouble) {
      trouble.printStackTrace();
      main.answer(TROUBLE, trouble.toString().replaceAll("\\s+", " "));
    }
    main.members.forEach(RaftMember::close);
    Runtime.getRuntime().halt(0);
  }

  private void start(String[] arguments) throws Exception {
    Library library = Library.of(arguments[0]).orElseThrow();
    List<Integer> ports = numbers(arguments[1]);
    int groups = Integer.parseInt(arguments[4]);
    boolean synced = Boolean.parseBoolean(arguments[5]);
    for (int self : numbers(arguments[2])) {
      Path directory = Path.of(arguments[3], "member-" + (self + 1));
      Files.createDirectories(directory);
      members.addAll(library.start(new MemberSetup(self, ports, directory, groups, synced)));
    }
    for (RaftMember member : members) {
      member.awaitRunning();
    }
    answer(STARTED, "");
  }

  private static List<Integer> numbers(String list) {
    return Arrays.stream(list.split(",", -1)).map(Integer::parseInt).toList();
  }

  private void serve() throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] words = line.split(" ", 2);
      switch (words[0]) {
        case LEADER -> answer(LEADER, Integer.toString(leaders().size()));
        case USAGE -> answer(USAGE, usage().encode());
        case COLLECT -> {
          System.gc();
          answer(COLLECT, "");
        }
        case LOAD -> load(leaders(), LoadPlan.decode(words[1]));
        case PROBE -> probe.start(words[1], number -> answer(ACKNOWLEDGED, number));
        default -> throw new IllegalArgumentException("unknown order: " + line);
      }
    }
  }

  private List<RaftMember> leaders() {
    return members.stream().filter(RaftMember::isLeader).toList();
  }

  private Usage usage() {
    return Usage.now(members);
  }

  private void load(List<RaftMember> leaders, LoadPlan plan) {
    Thread thread = new Thread(() -> run(leaders, plan), "load");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(List<RaftMember> leaders, LoadPlan plan) {
    try {
      if (leaders.isEmpty()) {
        throw new IllegalStateException("none leads here any more");
      }
      LoadResult result =
          Loads.run(leaders, plan, () -> answer(OPENED, ""), () -> answer(CLOSED, ""));
      answer(RESULT, result.encode());
    } catch (InterruptedException | RuntimeException trouble) {
      trouble.printStackTrace();
      answer(TROUBLE, trouble.toString().replaceAll("\\s+", " "));
    }
  }

  private synchronized void answer(String word, String rest) {
    answers.println(MARK + word + " " + rest);
    answers.flush();
  }
}
