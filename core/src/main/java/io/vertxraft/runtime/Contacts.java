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
  /** When one member was heard last. */
  private static final class Contact {
    private boolean made;
    private long heardAt;
  }

  private final Map<String, Contact> contacts = new LinkedHashMap<>();

  /** Contact with nobody yet. */
  Contacts(List<Member> members, String self) {
    for (Member member : members) {
      if (!member.getNodeId().equals(self)) {
        contacts.put(member.getNodeId(), new Contact());
      }
    }
  }

  void heard(String from, long now) {
    Contact contact = contacts.get(from);
    if (contact != null) {
      contact.made = true;
      contact.heardAt = now;
    }
  }

  List<PeerContact> describe(long now) {
    List<PeerContact> described = new ArrayList<>();
    contacts.forEach(
        (id, contact) ->
            described.add(
                new PeerContact()
                    .setNodeId(id)
                    .setHeardAgeMs(
                        contact.made ? TimeUnit.NANOSECONDS.toMillis(now - contact.heardAt) : -1)));
    return described;
  }
}
