package io.vertxraft.examples.benchmark.peer;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The libraries that are measured. Their classes are loaded only in the processes of their members.
 */
public enum Library {
  /** This project. */
  OURS(
      "ours",
      "vertx-raft",
      "VertxRaftMember",
      EnumSet.allOf(ReadKind.class),
      false,
      "LevelDB storage and gRPC transport with their defaults, on epoll: every write synced, one Vert.x"
          + " instance, transport and storage per process, which groups share; the load is made on the member's event"
          + " loop, as that of the others is on theirs or on the thread that answers"),
  /** This project, with its other transport. */
  OURS_SOCKET(
      "ours-socket",
      "vertx-raft over sockets",
      "VertxRaftSocketMember",
      EnumSet.allOf(ReadKind.class),
      false,
      "as ours, but with the socket transport"),
  /** This project over sockets, called from elsewhere. */
  OURS_APART(
      "ours-apart",
      "vertx-raft over sockets, called from another event loop",
      "VertxRaftApartMember",
      EnumSet.allOf(ReadKind.class),
      false,
      "as ours-socket, but the load is made on an event loop of its own"),
  /** SOFAJRaft. */
  JRAFT(
      "jraft",
      "SOFAJRaft",
      "JraftMember",
      EnumSet.allOf(ReadKind.class),
      true,
      "RocksDB log storage with sync on, pipelined replication, rings of 16,384, batches of 32 tasks, rpc"
          + " by bolt with epoll: its defaults; no snapshots; tasks with a closure at the leader; several groups share"
          + " the server and timers, and have a RocksDB each"),
  /** jgroups-raft. */
  JGROUPS(
      "jgroups",
      "jgroups-raft",
      "JgroupsMember",
      EnumSet.of(ReadKind.READ_INDEX),
      true,
      "FileBasedLog with fsync, no snapshots (max_log_size unlimited), TCP without delay, UFC credits of 8 MB, FRAG4,"
          + " NO_DUPES, ELECTION, REDIRECT; setAsync at the leader, whose answer is ignored"),
  /** Apache Ratis. */
  RATIS(
      "ratis",
      "Apache Ratis",
      "RatisMember",
      EnumSet.of(ReadKind.READ_INDEX),
      false,
      "segmented log of 64 MB segments, synced, at least every 1,024 entries; gRPC; queues of 65,536"
          + " elements, appends of up to 4 MB, write buffer of 8 MB, replies kept for 1 s for retries;"
          + " submitClientRequestAsync at the leader"),
  /** MicroRaft. */
  MICRORAFT(
      "microraft",
      "MicroRaft",
      "MicroRaftMember",
      EnumSet.allOf(ReadKind.class),
      false,
      "its SQLite store (write-ahead log, synchronous=EXTRA), which its snapshots of every 50,000 commits cut; at most"
          + " 20,000 pending entries; heartbeats every second and a timeout of 2 s, the least that work, beside the"
          + " election timeout of 1 s; it brings no transport: the one here is plain TCP with blocking threads and"
          + " a codec written for it; replicate at the leader"),
  /** etcd, where it is installed. */
  ETCD(
      "etcd",
      "etcd",
      "EtcdMember",
      EnumSet.of(ReadKind.READ_INDEX),
      false,
      "no library: three processes of the etcd on the path with its defaults but for a quota of 8 GiB; each command is"
          + " a put of one key over gRPC, so that every call crosses a socket from the JVM beside the leader, whose"
          + " client (Vert.x, one connection) is part of the CPU and is all of the allocation and heap");

  private final String key;
  private final String title;
  private final String className;
  private final EnumSet<ReadKind> reads;
  private final boolean canSkipSync;
  private final String settings;

  Library(
      String key,
      String title,
      String className,
      EnumSet<ReadKind> reads,
      boolean canSkipSync,
      String settings) {
    this.reads = reads;
    this.canSkipSync = canSkipSync;
    this.key = key;
    this.title = title;
    this.className = className;
    this.settings = settings;
  }

  /** What it is called on the command line. */
  public String key() {
    return key;
  }

  /** Its directory of libraries; what is reached from outside is so with those of this project. */
  public String libraries() {
    return this == ETCD || isOurs() ? OURS.key : key;
  }

  /** Why it cannot be measured here, or the empty string. */
  public String missing() {
    return this == ETCD && !isOnPath(key)
        ? "left out, since there is no program " + key + " on the path"
        : "";
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** Whether several groups can share what a process has of it. */
  public boolean canHaveGroups() {
    return isOurs() || this == JRAFT;
  }

  private boolean isOurs() {
    return this == OURS || this == OURS_SOCKET || this == OURS_APART;
  }

  /** What it is called in reports. */
  public String title() {
    return title;
  }

  /** How it is set up, for reports. */
  public String settings() {
    return settings;
  }

  /** The reads that it has. */
  public boolean can(ReadKind read) {
    return reads.contains(read);
  }

  /** Whether it has a switch that turns syncing off. */
  public boolean canSkipSync() {
    return canSkipSync;
  }

  /** The library of a name on the command line, if there is one. */
  public static Optional<Library> of(String key) {
    return Arrays.stream(values()).filter(library -> library.key.equals(key)).findFirst();
  }

  /** All names for the command line. */
  public static String keys() {
    return Arrays.stream(values()).map(Library::key).collect(Collectors.joining(", "));
  }

  /** Starts a member of each group. Needs the library on the class path; blocks. */
  public List<RaftMember> start(MemberSetup setup) throws Exception {
    Class<?> type = Class.forName(Library.class.getPackageName() + "." + className);
    if (!canHaveGroups()) {
      return List.of((RaftMember) type.getConstructor(MemberSetup.class).newInstance(setup));
    }
    List<RaftMember> members = new ArrayList<>();
    for (Object member :
        (List<?>) type.getMethod("startAll", MemberSetup.class).invoke(null, setup)) {
      members.add((RaftMember) member);
    }
    return members;
  }
}
