package io.vertxraft.examples.kv;

import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code --members} and {@code --priorities}. */
final class MemberArguments {
  private static final String MEMBERS = "--members";
  private static final String PRIORITIES = "--priorities";

  private MemberArguments() {}

  /**
   * The members with their priorities.
   *
   * @param id this member, which must be one of them
   * @param members {@code id=host:port,...}
   * @param priorities {@code id=n,...}, or null
   * @throws IllegalArgumentException naming the option, its value and what is allowed
   */
  static List<Member> parse(String id, String members, String priorities) {
    Map<String, Member> byId = new LinkedHashMap<>();
    List<Member> all = new ArrayList<>();
    for (String text : members.split(",", -1)) {
      Member member = member(text, members);
      all.add(member);
      byId.put(member.getNodeId(), member);
    }
    if (!byId.containsKey(id)) {
      throw new IllegalArgumentException(
          "--id is '%s', allowed is one of %s '%s'".formatted(id, MEMBERS, members));
    }
    try {
      new RaftOptions().setNodeId(id).setMembers(all).validate();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s is '%s': %s".formatted(MEMBERS, members, e.getMessage()), e);
    }
    if (priorities != null) {
      prioritize(byId, priorities);
    }
    return List.copyOf(byId.values());
  }

  private static Member member(String text, String members) {
    try {
      return Member.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s is '%s': %s, allowed is id=host:port,... with ports 1 to 65535"
              .formatted(MEMBERS, members, e.getMessage()),
          e);
    }
  }

  private static void prioritize(Map<String, Member> members, String priorities) {
    Map<String, Integer> given = new LinkedHashMap<>();
    for (String text : priorities.split(",", -1)) {
      int equals = text.indexOf('=');
      String id = equals < 0 ? text : text.substring(0, equals);
      String digits = text.substring(equals + 1);
      if (!members.containsKey(id)) {
        throw wrong(priorities, "'%s' is none of %s".formatted(id, MEMBERS));
      }
      int priority = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
      if (equals < 0 || priority < 0 || priority > Member.PRIORITY_MAX) {
        throw wrong(priorities, "'%s' has no such priority".formatted(text));
      }
      if (given.put(id, priority) != null) {
        throw wrong(priorities, "'%s' is given twice".formatted(id));
      }
    }
    given.forEach(
        (id, priority) -> members.computeIfPresent(id, (k, m) -> m.withPriority(priority)));
    if (members.values().stream().allMatch(member -> member.getPriority() == 0)) {
      throw wrong(priorities, "no member could ever lead");
    }
  }

  private static IllegalArgumentException wrong(String priorities, String why) {
    return new IllegalArgumentException(
        "%s is '%s': %s, allowed is id=n,... with priorities 0 to %d, not all 0"
            .formatted(PRIORITIES, priorities, why, Member.PRIORITY_MAX));
  }
}
