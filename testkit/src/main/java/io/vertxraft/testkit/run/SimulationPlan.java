package io.vertxraft.testkit.run;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftOptions;
import io.vertxraft.consensus.Choice;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything about a run that is decided before it starts: the group, its world, and what is done
 * to them when. With the seed, which feeds the random streams of the run itself, it gives the same
 * run again; and unlike a seed alone it survives changes to the way plans are drawn. As JSON it is
 * a regression test.
 *
 * @param seed seed of the run's random streams
 * @param ms virtual milliseconds with faults
 * @param members number of members, named n1, n2, …
 * @param options the members' options, without node id and members
 * @param links the network
 * @param machines the members' machines, in their order
 * @param load what the clients do
 * @param choices where the members take the unusual way now and then
 * @param faults what is done to the world, in time order
 * @param ending who must serve again when the faults are over
 */
public record SimulationPlan(
    long seed,
    long ms,
    int members,
    RaftOptions options,
    Links links,
    List<Machine> machines,
    Load load,
    List<Choice> choices,
    List<Fault> faults,
    Ending ending) {

  /**
   * All links between members.
   *
   * @param delayNanos least time a message takes
   * @param jitterNanos mean of what is added to it
   * @param connections whether links behave as connections or each message goes its own way
   * @param drop probability of loss
   * @param duplicate probability of repetition
   * @param late probability of a very late copy
   * @param lateMs greatest lateness
   * @param bytesPerSecond bandwidth, 0 for no limit
   */
  public record Links(
      long delayNanos,
      long jitterNanos,
      boolean connections,
      double drop,
      double duplicate,
      double late,
      long lateMs,
      long bytesPerSecond) {}

  /**
   * A member's machine.
   *
   * @param clockRate how fast its monotonic clock runs
   * @param diskNanos time a sync takes
   * @param priority how much the member is wanted as leader
   * @param saving how slow it is with snapshots
   */
  public record Machine(double clockRate, long diskNanos, int priority, Saving saving) {}

  /**
   * How slow a member is with snapshots.
   *
   * @param nanosPerByte time each byte takes on its disk
   * @param pauseNanos mean pause of its state machine before each piece that it writes
   * @param hangs probability that its state machine never ends a saving
   */
  public record Saving(long nanosPerByte, long pauseNanos, double hangs) {
    /** Not slow at all. */
    public static final Saving QUICK = new Saving(0, 0, 0);

    private JsonObject toJson() {
      return new JsonObject()
          .put("nanosPerByte", nanosPerByte)
          .put("pauseNanos", pauseNanos)
          .put("hangs", hangs);
    }

    private static Saving fromJson(JsonObject json) {
      return json == null
          ? QUICK
          : new Saving(
              json.getLong("nanosPerByte"), json.getLong("pauseNanos"), json.getDouble("hangs"));
    }
  }

  /**
   * What the clients do.
   *
   * @param commandsPerSecond all of them together
   * @param keys number of keys
   * @param paddingMax greatest number of bytes added to a command
   * @param sessions whether clients use sessions, over a network of their own
   */
  public record Load(double commandsPerSecond, int keys, int paddingMax, boolean sessions) {
    /** Clients without sessions. */
    public Load(double commandsPerSecond, int keys, int paddingMax) {
      this(commandsPerSecond, keys, paddingMax, false);
    }
  }

  /**
   * What the world looks like from the end of the faults on, for ever.
   *
   * @param core members that are up, whole, and reach each other; a majority
   * @param down members that stay down
   * @param cuts pairs of members of which the second does not hear the first
   */
  public record Ending(List<String> core, List<String> down, List<List<String>> cuts) {
    /** Copies the lists. */
    public Ending {
      core = List.copyOf(core);
      down = List.copyOf(down);
      cuts = cuts.stream().map(List::copyOf).toList();
    }
  }

  /** Copies the lists. */
  public SimulationPlan {
    machines = List.copyOf(machines);
    choices = List.copyOf(choices);
    faults = List.copyOf(faults);
    if (members < 1 || machines.size() != members) {
      throw new IllegalArgumentException(
          "a plan needs a machine for each member, but has %d for %d"
              .formatted(machines.size(), members));
    }
  }

  /** The members' ids. */
  public List<String> nodeIds() {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= members; i++) {
      ids.add("n" + i);
    }
    return ids;
  }

  /** The same with other faults. */
  public SimulationPlan withFaults(List<Fault> newFaults) {
    return new SimulationPlan(
        seed, ms, members, options, links, machines, load, choices, newFaults, ending);
  }

  /** The same, shorter or longer; faults beyond the end are left out. */
  public SimulationPlan withMs(long newMs) {
    List<Fault> within = faults.stream().filter(fault -> fault.atMs() <= newMs).toList();
    return new SimulationPlan(
        seed, newMs, members, options, links, machines, load, choices, within, ending);
  }

  /** The same with other options for the members. */
  public SimulationPlan withOptions(RaftOptions newOptions) {
    return new SimulationPlan(
        seed, ms, members, newOptions, links, machines, load, choices, faults, ending);
  }

  /** The same with other links. */
  public SimulationPlan withLinks(Links newLinks) {
    return new SimulationPlan(
        seed, ms, members, options, newLinks, machines, load, choices, faults, ending);
  }

  /** The same with another load. */
  public SimulationPlan withLoad(Load newLoad) {
    return new SimulationPlan(
        seed, ms, members, options, links, machines, newLoad, choices, faults, ending);
  }

  /** The same with other choices. */
  public SimulationPlan withChoices(List<Choice> newChoices) {
    return new SimulationPlan(
        seed, ms, members, options, links, machines, load, newChoices, faults, ending);
  }

  /** The same with another ending. */
  public SimulationPlan withEnding(Ending newEnding) {
    return new SimulationPlan(
        seed, ms, members, options, links, machines, load, choices, faults, newEnding);
  }

  /** As JSON; see {@link #fromJson}. */
  public JsonObject toJson() {
    JsonArray machineList = new JsonArray();
    machines.forEach(
        m ->
            machineList.add(
                new JsonObject()
                    .put("rate", m.clockRate)
                    .put("disk", m.diskNanos)
                    .put("priority", m.priority)
                    .put("saving", m.saving.toJson())));
    JsonArray choiceList = new JsonArray();
    choices.forEach(choice -> choiceList.add(choice.name()));
    JsonArray faultList = new JsonArray();
    faults.forEach(fault -> faultList.add(fault.toJson()));
    return new JsonObject()
        .put("seed", seed)
        .put("ms", ms)
        .put("members", members)
        .put("options", options.toJson())
        .put(
            "links",
            new JsonObject()
                .put("delayNanos", links.delayNanos)
                .put("jitterNanos", links.jitterNanos)
                .put("connections", links.connections)
                .put("drop", links.drop)
                .put("duplicate", links.duplicate)
                .put("late", links.late)
                .put("lateMs", links.lateMs)
                .put("bytesPerSecond", links.bytesPerSecond))
        .put("machines", machineList)
        .put(
            "load",
            new JsonObject()
                .put("commandsPerSecond", load.commandsPerSecond)
                .put("keys", load.keys)
                .put("paddingMax", load.paddingMax)
                .put("sessions", load.sessions))
        .put("choices", choiceList)
        .put("faults", faultList)
        .put(
            "ending",
            new JsonObject()
                .put("core", new JsonArray(ending.core))
                .put("down", new JsonArray(ending.down))
                .put("cuts", new JsonArray(ending.cuts.stream().map(JsonArray::new).toList())));
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if something is missing or makes no sense
   */
  public static SimulationPlan fromJson(JsonObject json) {
    for (String field :
        List.of("seed", "ms", "members", "options", "links", "machines", "load", "ending")) {
      if (!json.containsKey(field)) {
        throw new IllegalArgumentException("the plan of a simulation needs '" + field + "'");
      }
    }
    JsonObject links = json.getJsonObject("links");
    JsonObject load = json.getJsonObject("load");
    JsonObject ending = json.getJsonObject("ending");
    return new SimulationPlan(
        json.getLong("seed"),
        json.getLong("ms"),
        json.getInteger("members"),
        new RaftOptions(json.getJsonObject("options")),
        new Links(
            links.getLong("delayNanos"),
            links.getLong("jitterNanos"),
            links.getBoolean("connections"),
            links.getDouble("drop"),
            links.getDouble("duplicate"),
            links.getDouble("late"),
            links.getLong("lateMs"),
            links.getLong("bytesPerSecond")),
        objects(json.getJsonArray("machines")).stream()
            .map(
                m ->
                    new Machine(
                        m.getDouble("rate"),
                        m.getLong("disk"),
                        m.getInteger("priority", 1),
                        Saving.fromJson(m.getJsonObject("saving"))))
            .toList(),
        new Load(
            load.getDouble("commandsPerSecond"),
            load.getInteger("keys"),
            load.getInteger("paddingMax"),
            load.getBoolean("sessions", false)),
        strings(json.getJsonArray("choices", new JsonArray())).stream()
            .map(Choice::valueOf)
            .toList(),
        objects(json.getJsonArray("faults", new JsonArray())).stream()
            .map(Fault::fromJson)
            .toList(),
        new Ending(
            strings(ending.getJsonArray("core")),
            strings(ending.getJsonArray("down")),
            arrays(ending.getJsonArray("cuts")).stream().map(SimulationPlan::strings).toList()));
  }

  private static List<JsonObject> objects(JsonArray array) {
    List<JsonObject> list = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      list.add(array.getJsonObject(i));
    }
    return list;
  }

  private static List<JsonArray> arrays(JsonArray array) {
    List<JsonArray> list = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      list.add(array.getJsonArray(i));
    }
    return list;
  }

  private static List<String> strings(JsonArray array) {
    return array.stream().map(Object::toString).toList();
  }
}
