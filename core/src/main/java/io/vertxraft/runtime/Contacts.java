package io.vertxraft.runtime;

import io.vertxraft.Member;
import io.vertxraft.PeerContact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** When each other member was heard last, whatever it said. Confined to the node's context. */
final class Contacts {
  private final Map<String, Long> heardAt = new LinkedHashMap<>();

  /** Contact with nobody yet. */
  Contacts(List<Member> members, String self) {
    for (Member member : members) {
      if (!member.getNodeId().equals(self)) {
        heardAt.put(member.getNodeId(), null);
      }
    }
  }

  void heard(String from, long now) {
    if (heardAt.containsKey(from)) {
      heardAt.put(from, now);
    }
  }

  List<PeerContact> describe(long now) {
    List<PeerContact> contacts = new ArrayList<>();
    heardAt.forEach(
        (id, at) ->
            contacts.add(
                new PeerContact()
                    .setNodeId(id)
                    .setHeardAgeMs(at == null ? -1 : TimeUnit.NANOSECONDS.toMillis(now - at))));
    return contacts;
  }
}
