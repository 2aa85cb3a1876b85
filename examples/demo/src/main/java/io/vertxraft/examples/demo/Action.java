package io.vertxraft.examples.demo;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one can do to the running demo, by key or by script. */
enum Action {
  KILL_LEADER('k', "kill the leader"),
  KILL_FOLLOWER('f', "kill a follower"),
  RESTART('r', "restart all dead members from their data"),
  CUT_LEADER('c', "cut the leader off from the others"),
  HEAL('h', "heal network and disks"),
  LOAD_UP('+', "double the load"),
  LOAD_DOWN('-', "halve the load"),
  VERIFY('v', "check now that no acknowledged write is lost"),
  HELP('?', "show this help"),
  QUIT('q', "quit");

  private final char key;
  private final String description;

  Action(char key, String description) {
    this.key = key;
    this.description = description;
  }

  /** What it does, in words. */
  String description() {
    return description;
  }

  /** The action of a key, upper or lower case. */
  static Optional<Action> ofKey(int key) {
    return Arrays.stream(values()).filter(a -> a.key == Character.toLowerCase(key)).findFirst();
  }

  /** All keys, for messages. */
  static String keys() {
    return Arrays.stream(values())
        .map(action -> String.valueOf(action.key))
        .collect(Collectors.joining(" "));
  }

  /** One line per key. */
  static String help() {
    return Arrays.stream(values())
        .map(action -> "  %s  %s".formatted(action.key, action.description))
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
