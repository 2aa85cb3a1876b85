package io.vertxraft.testkit.bugs;

import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a product with a planted bug from the product's own sources. Needs a JDK. */
public final class BugPlanter {
  private final ProductSources sources;
  private final MemoryCompiler compiler = new MemoryCompiler();

  /**
   * A planter that mutates the product in use.
   *
   * @throws PlantingException if this Java has no compiler
   */
  public BugPlanter() {
    this(ProductSources.current());
  }

  /** A planter that mutates the given sources. */
  public BugPlanter(ProductSources sources) {
    this.sources = sources;
  }

  /**
   * The product with a bug.
   *
   * @throws PlantingException if the bug is pending, a snippet does not occur exactly once, or the
   *     result does not compile
   */
  public PlantedProduct plant(PlantedBug bug) {
    if (bug.isPending()) {
      throw new PlantingException(
          "bug '%s' cannot be planted before %s is built".formatted(bug.name(), bug.rule()));
    }
    Map<String, String> changed = new LinkedHashMap<>();
    for (SourceEdit edit : bug.edits()) {
      String text = changed.get(edit.className());
      changed.put(edit.className(), apply(bug, edit, text == null ? sourceOf(bug, edit) : text));
    }
    try {
      return new PlantedProduct(
          bug, new PlantedLoader(compiler.compile(changed), BugPlanter.class.getClassLoader()));
    } catch (MemoryCompiler.CompileException e) {
      throw new PlantingException(
          "bug '%s' does not compile; mend its edits:%s".formatted(bug.name(), e.getMessage()), e);
    }
  }

  private String sourceOf(PlantedBug bug, SourceEdit edit) {
    String text = sources.find(edit.className());
    if (text == null) {
      throw new PlantingException(
          "bug '%s' changes %s, whose source is not here: run from the repository, or from a jar with packed sources"
              .formatted(bug.name(), edit.className()));
    }
    return text;
  }

  private static String apply(PlantedBug bug, SourceEdit edit, String text) {
    int at = text.indexOf(edit.snippet());
    if (at < 0) {
      throw stale(bug, edit, "does not occur");
    }
    if (text.indexOf(edit.snippet(), at + 1) >= 0) {
      throw stale(bug, edit, "occurs more than once");
    }
    return text.substring(0, at)
        + edit.replacement()
        + text.substring(at + edit.snippet().length());
  }

  private static PlantingException stale(PlantedBug bug, SourceEdit edit, String how) {
    return new PlantingException(
        "bug '%s' is stale: its snippet %s in %s; adapt the bank to the source. Snippet:%n%s"
            .formatted(bug.name(), how, edit.className(), edit.snippet()));
  }
}
