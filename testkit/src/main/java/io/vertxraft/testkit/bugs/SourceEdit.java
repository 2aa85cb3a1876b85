package io.vertxraft.testkit.bugs;

/**
 * One change of the product's source text.
 *
 * @param className class whose source file is changed, with its package
 * @param snippet text that occurs exactly once in the file
 * @param replacement what stands there instead
 */
public record SourceEdit(String className, String snippet, String replacement) {
  private static final String CONSENSUS = "io.vertxraft.consensus.";
  private static final String RUNTIME = "io.vertxraft.runtime.";

  /** An edit of a class of the consensus core. */
  static SourceEdit consensus(String simpleName, String snippet, String replacement) {
    return new SourceEdit(CONSENSUS + simpleName, snippet, replacement);
  }

  /** An edit of a class of the node's runtime. */
  static SourceEdit runtime(String simpleName, String snippet, String replacement) {
    return new SourceEdit(RUNTIME + simpleName, snippet, replacement);
  }
}
