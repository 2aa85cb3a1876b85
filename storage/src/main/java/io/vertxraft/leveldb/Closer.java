package io.vertxraft.leveldb;

import java.util.ArrayDeque;

/** Closes, last opened first, what was opened before an opening failed. */
final class Closer {
  private static final System.Logger LOG = System.getLogger(Closer.class.getName());

  private final ArrayDeque<AutoCloseable> resources = new ArrayDeque<>();

  <T extends AutoCloseable> T register(T resource) {
    resources.push(resource);
    return resource;
  }

  void close() {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Throwable e) {
        LOG.log(System.Logger.Level.WARNING, "could not close after a failed opening", e);
      }
    }
  }
}
