package io.vertxraft.testkit.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every message met so far, as a number; equal messages have the same number. */
final class Messages {
  private final List<String> nodes;
  private final int[][] renamings;
  private final Fingerprint fingerprint;
  private final Map<Packet, Integer> numbers = new HashMap<>();
  private final List<Packet> packets = new ArrayList<>();
  private final List<Integer> receivers = new ArrayList<>();
  private long[] highs = new long[1 << 10];
  private long[] lows = new long[1 << 10];

  Messages(List<String> nodes, int[][] renamings, Fingerprint fingerprint) {
    this.nodes = nodes;
    this.renamings = renamings;
    this.fingerprint = fingerprint;
  }

  int numberOf(Packet packet) {
    return numbers.computeIfAbsent(packet, this::add);
  }

  private int add(Packet packet) {
    int from = packets.size() * renamings.length;
    if (from + renamings.length > highs.length) {
      highs = Arrays.copyOf(highs, highs.length * 2);
      lows = Arrays.copyOf(lows, lows.length * 2);
    }
    for (int i = 0; i < renamings.length; i++) {
      Digest digest = fingerprint.of(packet, renamings[i], 0, 0);
      highs[from + i] = digest.high();
      lows[from + i] = digest.low();
    }
    packets.add(packet);
    receivers.add(nodes.indexOf(packet.to()));
    return packets.size() - 1;
  }

  Packet packet(int number) {
    return packets.get(number);
  }

  /** Position of the member the message goes to. */
  int receiver(int number) {
    return receivers.get(number);
  }

  /** One half of the message's fingerprint under the given renaming. */
  long high(int number, int renaming) {
    return highs[number * renamings.length + renaming];
  }

  /** The other half. */
  long low(int number, int renaming) {
    return lows[number * renamings.length + renaming];
  }

  int size() {
    return packets.size();
  }
}
