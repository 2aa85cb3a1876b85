package io.vertxraft.testkit.bugs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Defines all classes of the toolkit anew, the mutated ones in front; everything else comes from
 * the parent. So mutated and original classes of one package can work together, and nothing of them
 * mixes with the originals outside.
 */
final class PlantedLoader extends ClassLoader {
  private static final String TOOLKIT = "io.vertxraft.";

  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> mutated;

  /**
   * A loader in front of {@code parent}.
   *
   * @param mutated class files by binary name
   */
  PlantedLoader(Map<String, byte[]> mutated, ClassLoader parent) {
    super(parent);
    this.mutated = Map.copyOf(mutated);
    setDefaultAssertionStatus(PlantedLoader.class.desiredAssertionStatus());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(TOOLKIT)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = bytesOf(name);
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded;
    }
  }

  private byte[] bytesOf(String name) throws ClassNotFoundException {
    byte[] bytes = mutated.get(name);
    if (bytes != null) {
      return bytes;
    }
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
