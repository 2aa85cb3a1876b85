package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * What an action wants to be told.
 *
 * @param name its key in the request
 * @param title its label
 * @param type what it may be
 * @param required whether the action cannot do without
 * @param choices what it may be, if {@code type} is {@link Type#CHOICE}; else empty
 * @param defaultValue what it is if it is not given, or null
 * @param description one sentence on it
 */
public record ActionParameter(
    String name,
    String title,
    Type type,
    boolean required,
    List<String> choices,
    Object defaultValue,
    String description) {
  /** Kinds of values. */
  public enum Type {
    /** A node id of the group. */
    MEMBER,
    /** Any text. */
    TEXT,
    /** A whole number. */
    NUMBER,
    /** One of several texts. */
    CHOICE,
    /** True or false. */
    FLAG
  }

  /** Copies the list. */
  public ActionParameter {
    choices = List.copyOf(choices);
  }

  /** A member that must be named. */
  public static ActionParameter member(String name, String title, String description) {
    return new ActionParameter(name, title, Type.MEMBER, true, List.of(), null, description);
  }

  /** A whole number that need not be given. */
  public static ActionParameter number(
      String name, String title, long defaultValue, String description) {
    return new ActionParameter(
        name, title, Type.NUMBER, false, List.of(), defaultValue, description);
  }

  /** The JSON form. */
  JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .put("title", title)
        .put("type", type.name().toLowerCase(Locale.ROOT))
        .put("required", required)
        .put("choices", new JsonArray(choices))
        .put("default", defaultValue)
        .put("description", description);
  }

  /**
   * The value of this parameter in a request, or its default.
   *
   * @param members the group's node ids
   * @throws WrongParameter if it is missing or wrong
   */
  Object valueIn(JsonObject request, List<String> members) {
    Object value = request.getValue(name);
    if (value == null) {
      if (required && defaultValue == null) {
        throw new WrongParameter(name, "%s is missing: %s".formatted(name, description));
      }
      return defaultValue;
    }
    boolean right =
        switch (type) {
          case MEMBER -> value instanceof String id && members.contains(id);
          case TEXT -> value instanceof String;
          case NUMBER -> value instanceof Integer || value instanceof Long;
          case CHOICE -> value instanceof String choice && choices.contains(choice);
          case FLAG -> value instanceof Boolean;
        };
    if (!right) {
      throw new WrongParameter(
          name, "%s is '%s': %s".formatted(name, shown(value), wanted(members)));
    }
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }

  private static String shown(Object value) {
    String text = Words.plain(String.valueOf(value));
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private String wanted(List<String> members) {
    return switch (type) {
      case MEMBER -> "it must be a member, which are " + Words.list(members);
      case TEXT -> "it must be a text";
      case NUMBER -> "it must be a whole number";
      case CHOICE -> "it must be one of " + Words.list(choices);
      case FLAG -> "it must be true or false";
    };
  }
}
