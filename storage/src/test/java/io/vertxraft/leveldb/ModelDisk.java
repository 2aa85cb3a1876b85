package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk in memory that knows what is durable: the bytes of a file once the file is synced, a name
 * once its directory is. It counts the calls, and does to one of them what it is told.
 */
final class ModelDisk implements FileCalls {
  /** What happens at a call, or from it on. */
  enum Fault {
    /** From here on there is no room for anything new. */
    FULL,
    /** This call fails; a write has taken half of the bytes before. */
    BROKEN,
    /** Every call from here on fails. */
    BROKEN_FOR_GOOD,
    /** A write or read does half of what it was asked for, and says so. */
    SHORT,
    /** A sync says that it is done, and has done nothing. */
    LOST_SYNC,
    /** The power goes before this call. */
    POWER_CUT
  }

  /** What is found after a power cut of that which was not durable. */
  enum Aftermath {
    /** Nothing. */
    LOST,
    /** The names, but no bytes. */
    NAMES_ONLY,
    /** The names, and zeros in the place of the bytes. */
    ZEROS,
    /** All of what is in the snapshots and drafts, but nothing of their own names. */
    INNER_ONLY,
    /** All of it: it just had reached the disk. */
    KEPT
  }

  private static final class Node {
    final boolean directory;
    Map<String, Node> children = new TreeMap<>();
    Map<String, Node> durableChildren = new TreeMap<>();
    byte[] content = {};
    byte[] durableContent = {};

    Node(boolean directory) {
      this.directory = directory;
    }
  }

  /** Directories above that of a group, the root included. */
  private static final int GROUP_DEPTH = 3;

  private final Path root;
  private final Node top = new Node(true);
  private int calls;
  private int faultAt;
  private Fault fault;
  private boolean full;
  private boolean dead;

  ModelDisk(Path root) {
    this.root = root;
  }

  /** A disk with the same content that works. */
  synchronized ModelDisk copy() {
    ModelDisk copy = new ModelDisk(root);
    copy(top, copy.top, new HashMap<>(Map.of(top, copy.top)));
    return copy;
  }

  private static void copy(Node from, Node to, Map<Node, Node> done) {
    to.content = from.content;
    to.durableContent = from.durableContent;
    from.children.forEach((name, child) -> to.children.put(name, copied(child, done)));
    from.durableChildren.forEach(
        (name, child) -> to.durableChildren.put(name, copied(child, done)));
  }

  private static Node copied(Node from, Map<Node, Node> done) {
    Node known = done.get(from);
    if (known == null) {
      known = new Node(from.directory);
      done.put(from, known);
      copy(from, known, done);
    }
    return known;
  }

  /** Does something to the n-th call from now on, counted from 1. */
  synchronized void arm(int call, Fault what) {
    calls = 0;
    faultAt = call;
    fault = what;
  }

  /** Calls since {@link #arm}. */
  synchronized int calls() {
    return calls;
  }

  /** The disk works again. */
  synchronized void mend() {
    faultAt = 0;
    full = false;
    dead = false;
  }

  /** Takes away what was not durable, and starts again. */
  synchronized void reboot(Aftermath aftermath) {
    mend();
    settle(top, 0, aftermath, new HashMap<>());
  }

  private static void settle(Node node, int depth, Aftermath general, Map<Node, Node> done) {
    Aftermath aftermath = general;
    if (general == Aftermath.INNER_ONLY) {
      aftermath = depth <= GROUP_DEPTH ? Aftermath.LOST : Aftermath.KEPT;
    }
    if (done.put(node, node) != null) {
      return;
    }
    if (aftermath == Aftermath.LOST) {
      node.children = new TreeMap<>(node.durableChildren);
    }
    byte[] durable = node.durableContent;
    if (aftermath == Aftermath.ZEROS && durable.length < node.content.length) {
      durable = Arrays.copyOf(durable, node.content.length);
    }
    node.content = aftermath == Aftermath.KEPT ? node.content : durable;
    node.durableContent = node.content;
    node.durableChildren = new TreeMap<>(node.children);
    node.children.values().forEach(child -> settle(child, depth + 1, general, done));
  }

  /** Counts a call; true if the armed fault is due at it. */
  private boolean call(Path path, boolean takesRoom) throws IOException {
    calls++;
    boolean due = calls == faultAt;
    if (due && (fault == Fault.POWER_CUT || fault == Fault.BROKEN_FOR_GOOD)) {
      dead = true;
    }
    if (due && fault == Fault.FULL) {
      full = true;
    }
    if (full && takesRoom) {
      throw new FileSystemException(path.toString(), null, "No space left on device");
    }
    if (dead || (due && fault == Fault.BROKEN)) {
      throw new FileSystemException(path.toString(), null, "Input/output error");
    }
    return due;
  }

  private Node find(Path path) {
    Node at = top;
    for (Path part : root.relativize(path)) {
      if (!part.toString().isEmpty()) {
        at = at == null ? null : at.children.get(part.toString());
      }
    }
    return at;
  }

  private Node get(Path path) throws IOException {
    Node node = find(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private void put(Path path, Node node) throws IOException {
    Node parent = get(path.getParent());
    Node before = parent.children.get(path.getFileName().toString());
    if (before != null && before.directory && !before.children.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    parent.children.put(path.getFileName().toString(), node);
  }

  @Override
  public synchronized Kind kind(Path path) throws IOException {
    call(path, false);
    Node node = find(path);
    if (node == null) {
      return Kind.NOTHING;
    }
    return node.directory ? Kind.DIRECTORY : Kind.FILE;
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    call(directory, false);
    List<Path> children = new ArrayList<>();
    get(directory).children.keySet().forEach(name -> children.add(directory.resolve(name)));
    return children;
  }

  private void requireFree(Path path) throws IOException {
    if (find(path) != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  @Override
  public synchronized void createDirectory(Path directory) throws IOException {
    call(directory, true);
    requireFree(directory);
    put(directory, new Node(true));
  }

  @Override
  public synchronized OpenFile create(Path file) throws IOException {
    call(file, true);
    requireFree(file);
    put(file, new Node(false));
    return new Handle(file, get(file));
  }

  @Override
  public synchronized OpenFile append(Path file) throws IOException {
    call(file, false);
    return new Handle(file, get(file));
  }

  @Override
  public synchronized OpenFile read(Path file) throws IOException {
    call(file, false);
    return new Handle(file, get(file));
  }

  @Override
  public synchronized void link(Path link, Path existing) throws IOException {
    call(link, true);
    requireFree(link);
    put(link, get(existing));
  }

  @Override
  public synchronized void move(Path from, Path to) throws IOException {
    call(from, false);
    put(to, get(from));
    get(from.getParent()).children.remove(from.getFileName().toString());
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    call(path, false);
    if (!get(path).children.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    get(path.getParent()).children.remove(path.getFileName().toString());
  }

  @Override
  public synchronized void sync(Path directory) throws IOException {
    if (!call(directory, false) || fault != Fault.LOST_SYNC) {
      Node node = get(directory);
      node.durableChildren = new TreeMap<>(node.children);
    }
  }

  private final class Handle implements OpenFile {
    private final Path path;
    private final Node node;

    Handle(Path path, Node node) {
      this.path = path;
      this.node = node;
    }

    @Override
    public long bytes() throws IOException {
      synchronized (ModelDisk.this) {
        call(path, false);
        return node.content.length;
      }
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      synchronized (ModelDisk.this) {
        boolean due = call(path, false);
        int left = (int) Math.min(into.remaining(), node.content.length - at);
        if (left <= 0) {
          return into.hasRemaining() ? -1 : 0;
        }
        int bytes = due && fault == Fault.SHORT && left > 1 ? left / 2 : left;
        into.put(node.content, (int) at, bytes);
        return bytes;
      }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      synchronized (ModelDisk.this) {
        boolean half = calls + 1 == faultAt && fault != Fault.FULL && from.remaining() > 1;
        if (half && !dead) {
          take(from, from.remaining() / 2);
        }
        call(path, true);
        return half ? from.position() : take(from, from.remaining());
      }
    }

    private int take(ByteBuffer from, int bytes) {
      byte[] longer = Arrays.copyOf(node.content, node.content.length + bytes);
      from.get(longer, node.content.length, bytes);
      node.content = longer;
      return bytes;
    }

    @Override
    public void sync() throws IOException {
      synchronized (ModelDisk.this) {
        if (!call(path, false) || fault != Fault.LOST_SYNC) {
          node.durableContent = node.content;
        }
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (ModelDisk.this) {
        call(path, false);
      }
    }
  }
}
