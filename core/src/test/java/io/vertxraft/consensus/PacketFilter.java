package io.vertxraft.consensus;

import io.vertxraft.consensus.CoreCluster.Packet;
import io.vertxraft.protocol.RaftMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which messages a command means: {@code n1->n2 AppendEntries #2}. A star stands for any member,
 * {@code all} for all messages; the kind and the number among those that match may be left out.
 */
record PacketFilter(String from, String to, String type, int number) {
  private static final TreeSet<String> TYPES =
      kinds(RaftMessage.class).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);

  private static Stream<String> kinds(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(kind -> kind.isSealed() ? kinds(kind) : Stream.of(kind.getSimpleName()));
  }

  static PacketFilter parse(List<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("name a link, such as n1->n2, n1->* or all");
    }
    String link = words.get(0).equals("all") ? "*->*" : words.get(0);
    int arrow = link.indexOf("->");
    if (arrow < 1 || arrow + 2 == link.length()) {
      throw new IllegalArgumentException(
          "'%s' is no link; write n1->n2, n1->*, *->n2 or all".formatted(link));
    }
    String type = null;
    int number = 0;
    for (String word : words.subList(1, words.size())) {
      if (word.startsWith("#")) {
        number = FlowText.number(word.substring(1));
      } else if (TYPES.contains(word)) {
        type = word;
      } else {
        throw new IllegalArgumentException(
            "'%s' is neither a number such as #1 nor one of %s".formatted(word, TYPES));
      }
    }
    return new PacketFilter(link.substring(0, arrow), link.substring(arrow + 2), type, number);
  }

  /** Whether the message is of the kind and on the link, whatever its number. */
  boolean matches(Packet packet) {
    return (from.equals("*") || from.equals(packet.from()))
        && (to.equals("*") || to.equals(packet.to()))
        && (type == null || type.equals(FlowText.type(packet.message())));
  }

  /** Takes the messages meant out of {@code packets}, oldest first. */
  List<Packet> takeFrom(List<Packet> packets) {
    List<Packet> taken = new ArrayList<>();
    int seen = 0;
    for (Iterator<Packet> it = packets.iterator(); it.hasNext(); ) {
      Packet packet = it.next();
      if (matches(packet) && (++seen == number || number == 0)) {
        it.remove();
        taken.add(packet);
      }
    }
    return taken;
  }

  @Override
  public String toString() {
    return from + "->" + to + (type == null ? "" : " " + type) + (number == 0 ? "" : " #" + number);
  }
}
