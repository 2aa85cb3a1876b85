package io.vertxraft.testkit.explore;

import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens before an exploration starts, so that it can search around a situation that is far
 * from the beginning. Members are called a, b, c and so on. A script has no budgets, and its writes
 * are durable at once. Immutable: each method gives a longer script.
 */
public final class Script {
  /** Nothing happens: all members are new. */
  public static final Script EMPTY = new Script(List.of());

  /** One step; what is null does not matter. */
  private record Step(int code, String node, String from, Class<? extends RaftMessage> type) {}

  private static final int DELIVERY = -1;

  private final List<Step> steps;

  private Script(List<Step> steps) {
    this.steps = steps;
  }

  private Script then(int code, String node, String from, Class<? extends RaftMessage> type) {
    List<Step> longer = new ArrayList<>(steps);
    longer.add(new Step(code, node, from, type));
    return new Script(List.copyOf(longer));
  }

  /**
   * {@code node} times out and asks {@code voter} for its pre-vote, then everybody for the vote.
   */
  public Script campaign(String node, String voter) {
    return then(Action.CAMPAIGN, node, voter, null);
  }

  /** {@code node} campaigns and is elected by these voters, one after the other. */
  public Script elect(String node, String... voters) {
    Script script = this;
    for (int i = 0; i < voters.length; i++) {
      script = i == 0 ? script.campaign(node, voters) : script;
      script = script.deliver(node, voters[i], VoteRequest.class);
    }
    for (String voter : voters) {
      script = script.deliver(voter, node, VoteReply.class);
    }
    return script;
  }

  private Script campaign(String node, String[] voters) {
    return then(Action.CAMPAIGN, node, String.join(",", voters), null);
  }

  /** The oldest known message of this type between these two arrives. */
  public Script deliver(String from, String to, Class<? extends RaftMessage> type) {
    return then(DELIVERY, to, from, type);
  }

  /** A client proposes the next value to {@code node}. */
  public Script propose(String node) {
    return then(Event.PROPOSE, node, null, null);
  }

  /** The leader's heartbeat interval passes. */
  public Script heartbeat(String node) {
    return then(Event.HEARTBEAT, node, null, null);
  }

  /** The leader {@code node} is not answered for an election timeout, and stands down. */
  public Script silence(String node) {
    return then(Event.SILENCE, node, null, null);
  }

  /** {@code node} crashes and comes back. */
  public Script crash(String node) {
    return then(Event.CRASH, node, null, null);
  }

  /** All messages on their way are lost. */
  public Script loseMessages() {
    return then(Action.FORGET, null, null, null);
  }

  /** Values proposed. */
  int values() {
    return (int) steps.stream().filter(step -> step.code == Event.PROPOSE).count();
  }

  int length() {
    return steps.size();
  }

  /**
   * The action that the step at {@code position} is in {@code state}.
   *
   * @throws IllegalArgumentException if there is no such member or message
   */
  int action(int position, World world, int[] state) {
    Step step = steps.get(position);
    int node = step.node == null ? 0 : node(step.node, world);
    int code = step.code;
    if (code == DELIVERY) {
      code = Event.MESSAGE + message(step, world, state);
    } else if (code == Action.CAMPAIGN) {
      for (String voter : step.from.split(",", -1)) {
        code |= 1 << node(voter, world);
      }
    } else if (code == Event.PROPOSE) {
      code += new Script(steps.subList(0, position)).values();
    }
    return Action.of(node, code);
  }

  private static int node(String name, World world) {
    int node = world.nodes().indexOf(name);
    if (node < 0) {
      throw new IllegalArgumentException(
          "the script speaks of member %s, but there are only %s".formatted(name, world.nodes()));
    }
    return node;
  }

  private static int message(Step step, World world, int[] state) {
    for (int at = world.messagesAt(); at < state.length; at++) {
      Packet packet = world.messages().packet(state[at]);
      if (packet.from().equals(step.from)
          && packet.to().equals(step.node)
          && step.type.isInstance(packet.message())) {
        return state[at];
      }
    }
    throw new IllegalArgumentException(
        "the script delivers a %s from %s to %s, but there is none on its way"
            .formatted(step.type.getSimpleName(), step.from, step.node));
  }
}
