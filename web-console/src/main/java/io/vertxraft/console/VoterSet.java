package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;

/**
 * Voters of which a majority is needed for a decision. A group has one such set; while its
 * membership changes it has two, and needs a majority of each.
 *
 * @param name {@code current} or {@code next}
 * @param voters their node ids
 */
public record VoterSet(String name, List<String> voters) {
  /** Copies the list. */
  public VoterSet {
    voters = List.copyOf(voters);
  }

  /** How many voters a decision needs. */
  public int majority() {
    return voters.size() / 2 + 1;
  }

  /** The voters that are among {@code up}, in order. */
  public List<String> among(Collection<String> up) {
    return voters.stream().filter(up::contains).toList();
  }

  /** How many of {@code up} may yet fail; negative if they are no majority. */
  public int spare(Collection<String> up) {
    return among(up).size() - majority();
  }

  /** The JSON form. */
  JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .put("voters", new JsonArray(voters))
        .put("majority", majority())
        .put("faultTolerance", spare(voters));
  }
}
