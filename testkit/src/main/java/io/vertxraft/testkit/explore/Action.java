package io.vertxraft.testkit.explore;

import java.util.List;

/**
 * One step of the cluster, packed into a number: the member, what happens to it (an {@link Event},
 * or one of the codes here), and how.
 */
final class Action {
  /**
   * All messages on their way are lost; scripts only, in a search they may just stay undelivered.
   */
  static final int FORGET = 6;

  /**
   * Plus a set of members: the member times out, and its pre-vote reaches these members and is
   * answered at once, one after the other. Each of them has not heard a leader for a while.
   */
  static final int CAMPAIGN = 64;

  private static final int NODE_BITS = 3;
  private static final int CODE_BITS = 24;
  private static final int NODE_MASK = (1 << NODE_BITS) - 1;
  private static final int CODE_MASK = (1 << CODE_BITS) - 1;
  private static final int DUPLICATE = 1 << (NODE_BITS + CODE_BITS);
  private static final int SLOW = DUPLICATE << 1;
  private static final int LOST = SLOW << 1;

  private Action() {}

  static int of(int node, int code) {
    if (code > CODE_MASK) {
      throw new IllegalStateException("too many different messages: lower the bounds");
    }
    return (code << NODE_BITS) | node;
  }

  /** The same delivery, but the message stays on its way too. */
  static int duplicate(int action) {
    return action | DUPLICATE;
  }

  /** The same action, but what it writes stays pending. */
  static int slow(int action) {
    return action | SLOW;
  }

  /** Instead of being delivered, the message is lost. */
  static int lost(int action) {
    return action | LOST;
  }

  static int node(int action) {
    return action & NODE_MASK;
  }

  static int code(int action) {
    return (action >> NODE_BITS) & CODE_MASK;
  }

  static boolean isDuplicate(int action) {
    return (action & DUPLICATE) != 0;
  }

  static boolean isSlow(int action) {
    return (action & SLOW) != 0;
  }

  static boolean isLost(int action) {
    return (action & LOST) != 0;
  }

  static boolean isCampaign(int code) {
    return code >= CAMPAIGN && code < Event.MESSAGE;
  }

  static String text(int action, List<String> nodes, Messages messages) {
    int code = code(action);
    StringBuilder text = new StringBuilder();
    if (code == FORGET) {
      return "all messages on their way are lost";
    } else if (Event.isMessage(code)) {
      text.append(isLost(action) ? "lost " : "delivered ")
          .append(messages.packet(code - Event.MESSAGE));
    } else if (isCampaign(code)) {
      text.append(nodes.get(node(action))).append(": election timeout, pre-vote asks");
      for (int peer = 0; peer < nodes.size(); peer++) {
        text.append(((code - CAMPAIGN) & (1 << peer)) == 0 ? "" : " " + nodes.get(peer));
      }
    } else {
      text.append(nodes.get(node(action))).append(": ").append(Event.text(code));
    }
    return text.append(isDuplicate(action) ? ", and stays on its way" : "")
        .append(isSlow(action) ? ", its write stays pending" : "")
        .toString();
  }
}
