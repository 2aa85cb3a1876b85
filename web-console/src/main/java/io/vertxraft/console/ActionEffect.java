package io.vertxraft.console;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;

/**
 * What an action will do to a group, told before it is done.
 *
 * @param text in one sentence
 * @param membersBefore voters now
 * @param membersAfter voters afterwards
 * @param majorityBefore how many of them a decision needs now
 * @param majorityAfter how many it needs afterwards
 * @param toleratesBefore how many of those that are in step may fail now; negative without a
 *     majority
 * @param toleratesAfter how many may fail afterwards
 * @param refusal why it is not done, or null if it may be
 * @param leaderId set if only this member's console can do it, else null
 */
public record ActionEffect(
    String text,
    int membersBefore,
    int membersAfter,
    int majorityBefore,
    int majorityAfter,
    int toleratesBefore,
    int toleratesAfter,
    String refusal,
    String leaderId) {

  /**
   * An action that leaves the voters as they are.
   *
   * @param does what it does, as the start of a sentence
   * @param lost members that can no longer be counted on afterwards
   * @param costs what it costs, as the end of a sentence, or null
   */
  public static ActionEffect of(
      ClusterView view, String does, Collection<String> lost, String costs) {
    int before = tolerates(view, List.of());
    int after = tolerates(view, lost);
    String text =
        "%s; majority stays %d of %d; tolerates %s → %s"
            .formatted(does, view.majority(), view.members().size(), words(before), words(after));
    return new ActionEffect(
        costs == null ? text : text + "; " + costs,
        view.members().size(),
        view.members().size(),
        view.majority(),
        view.majority(),
        before,
        after,
        null,
        null);
  }

  private static int tolerates(ClusterView view, Collection<String> lost) {
    return WhatIf.without(view, lost).faultToleranceNow();
  }

  private static String words(int tolerates) {
    return tolerates < 0 ? "none, no majority" : String.valueOf(tolerates);
  }

  /** The same, but not to be done. */
  public ActionEffect refused(String why) {
    return new ActionEffect(
        text,
        membersBefore,
        membersAfter,
        majorityBefore,
        majorityAfter,
        toleratesBefore,
        toleratesAfter,
        why,
        leaderId);
  }

  /** The same, to be done by another member's console only. */
  public ActionEffect onlyAt(String leader, String why) {
    return new ActionEffect(
        text,
        membersBefore,
        membersAfter,
        majorityBefore,
        majorityAfter,
        toleratesBefore,
        toleratesAfter,
        why,
        leader);
  }

  /** Refused if there is a majority now and would be none afterwards. */
  public ActionEffect refusedWithoutMajority() {
    return toleratesBefore >= 0 && toleratesAfter < 0
        ? refused(
            "it would lose the majority: %d of %d are needed"
                .formatted(majorityAfter, membersAfter))
        : this;
  }

  /** The JSON form. */
  JsonObject toJson() {
    return new JsonObject()
        .put("text", text)
        .put("majorityBefore", majorityBefore)
        .put("majorityAfter", majorityAfter)
        .put("membersBefore", membersBefore)
        .put("membersAfter", membersAfter)
        .put("toleratesBefore", toleratesBefore)
        .put("toleratesAfter", toleratesAfter)
        .put("refusal", refusal);
  }
}
