package io.vertxraft.protocol;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who takes part in a group. Immutable.
 *
 * <p>In a joint configuration (§6) decisions need a majority of the {@link #voters() incoming} and,
 * separately, of the {@link #outgoing() outgoing} voters. Outside a membership change the outgoing
 * half is empty. All sets iterate in the order of the ids, on every JVM.
 */
public final class Configuration {
  private final Set<String> voters;
  private final Set<String> outgoing;
  private final Set<String> learners;

  private Configuration(Set<String> voters, Set<String> outgoing, Set<String> learners) {
    this.voters = sorted(voters);
    this.outgoing = sorted(outgoing);
    this.learners = sorted(learners);
  }

  /** A simple configuration in which a majority of {@code voters} decides. */
  public static Configuration of(Set<String> voters) {
    return new Configuration(voters, Set.of(), Set.of());
  }

  /** A configuration in transition from {@code outgoing} to {@code incoming} voters. */
  public static Configuration joint(
      Set<String> incoming, Set<String> outgoing, Set<String> learners) {
    return new Configuration(incoming, outgoing, learners);
  }

  /** The voters of the configuration, or of its incoming half. */
  public Set<String> voters() {
    return voters;
  }

  /** The voters of the outgoing half; empty unless {@link #isJoint()}. */
  public Set<String> outgoing() {
    return outgoing;
  }

  /** Members that receive the log but do not vote. */
  public Set<String> learners() {
    return learners;
  }

  /** Whether a membership change is under way. */
  public boolean isJoint() {
    return !outgoing.isEmpty();
  }

  /** Whether {@code nodeId} votes, in either half. */
  public boolean isVoter(String nodeId) {
    return voters.contains(nodeId) || outgoing.contains(nodeId);
  }

  /** Whether {@code nodeId} takes part in any way. */
  public boolean isMember(String nodeId) {
    return isVoter(nodeId) || learners.contains(nodeId);
  }

  /** All members: voters of both halves and learners, without repetition. */
  public Set<String> members() {
    Set<String> all = new LinkedHashSet<>(voters);
    all.addAll(outgoing);
    all.addAll(learners);
    return Collections.unmodifiableSet(all);
  }

  private static Set<String> sorted(Set<String> ids) {
    return Collections.unmodifiableSet(new TreeSet<>(ids));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that
        && voters.equals(that.voters)
        && outgoing.equals(that.outgoing)
        && learners.equals(that.learners);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * voters.hashCode() + outgoing.hashCode()) + learners.hashCode();
  }

  @Override
  public String toString() {
    String text = isJoint() ? voters + "+" + outgoing : voters.toString();
    return learners.isEmpty() ? text : text + " learners " + learners;
  }
}
