package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/** How much a {@link CommandStream} holds before its writer is to wait. */
@DataObject
@JsonGen(publicConverter = false)
public class CommandStreamOptions {
  /** Default {@link #getBytesMax()}: {@value}. */
  public static final int DEFAULT_BYTES_MAX = 1024 * 1024;

  /** Default {@link #getCommandsMax()}: {@value}. */
  public static final int DEFAULT_COMMANDS_MAX = 4_096;

  private int bytesMax = DEFAULT_BYTES_MAX;
  private int commandsMax = DEFAULT_COMMANDS_MAX;

  /** Options with all defaults. */
  public CommandStreamOptions() {}

  /** Copies options. */
  public CommandStreamOptions(CommandStreamOptions other) {
    this.bytesMax = other.bytesMax;
    this.commandsMax = other.commandsMax;
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public CommandStreamOptions(JsonObject json) {
    CommandStreamOptionsConverter.fromJson(json, this);
  }

  /** The JSON form that {@link #CommandStreamOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    CommandStreamOptionsConverter.toJson(this, json);
    return json;
  }

  /**
   * Checks the options.
   *
   * @return this
   * @throws IllegalArgumentException naming the option that does not fit, its value and what is
   *     allowed
   */
  public CommandStreamOptions validate() {
    OptionChecks.range("bytesMax", bytesMax, 1, Integer.MAX_VALUE);
    OptionChecks.range("commandsMax", commandsMax, 1, Integer.MAX_VALUE);
    return this;
  }

  /** Bytes of commands without a reply and of replies not yet read, from which on to wait. */
  public int getBytesMax() {
    return bytesMax;
  }

  /** Sets the {@linkplain #getBytesMax() limit} in bytes. */
  public CommandStreamOptions setBytesMax(int bytesMax) {
    this.bytesMax = bytesMax;
    return this;
  }

  /** Number of commands whose reply has not been read, from which on to wait. */
  public int getCommandsMax() {
    return commandsMax;
  }

  /** Sets the {@linkplain #getCommandsMax() limit} in commands. */
  public CommandStreamOptions setCommandsMax(int commandsMax) {
    this.commandsMax = commandsMax;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
