package io.vertxraft;

import io.vertx.core.VertxException;

/**
 * Why a call did not succeed. The three subclasses tell the caller what to do:
 *
 * <ul>
 *   <li>{@link Rejected}: the command is certainly not in the log. A read that fails is always
 *       rejected: it changes nothing.
 *   <li>{@link Unknown}: the command may have been or may yet be applied.
 *   <li>{@link Fatal}: this member can no longer serve.
 * </ul>
 *
 * <table>
 *   <caption>What happened, and what to do</caption>
 *   <tr><th>outcome</th><th>reason</th><th>what happened</th><th>again?</th></tr>
 *   <tr><td>Rejected</td><td>NOT_LEADER</td><td>no leader is known here, or it may not be asked
 *       </td><td>yes: at {@link #leaderId()}, or here a little later</td></tr>
 *   <tr><td>Rejected</td><td>OVERLOADED</td><td>too much is in flight</td>
 *       <td>yes, more slowly: a stream of commands does that by itself</td></tr>
 *   <tr><td>Rejected</td><td>STORAGE_FULL</td><td>the leader's disk is short of room</td>
 *       <td>yes, when there is room</td></tr>
 *   <tr><td>Rejected</td><td>RECOVERING, TIMEOUT</td><td>a read was not answered</td>
 *       <td>yes, here or at another member</td></tr>
 *   <tr><td>Rejected</td><td>SHUTTING_DOWN</td><td>the node is closing</td>
 *       <td>yes, at another member</td></tr>
 *   <tr><td>Rejected</td><td>TOO_LARGE</td><td>larger than commandBytesMax</td>
 *       <td>no: send less at once</td></tr>
 *   <tr><td>Rejected</td><td>SESSION_EXPIRED</td><td>the group has forgotten the session</td>
 *       <td>yes, in a new session</td></tr>
 *   <tr><td>Rejected</td><td>TRANSFER_FAILED</td><td>the leadership was not handed over</td>
 *       <td>yes: this leader leads on, or another one does</td></tr>
 *   <tr><td>Unknown</td><td>LEADERSHIP_LOST, DEADLINE, NODE_STOPPED, FORWARD_LOST</td><td>it was
 *       appended or sent, and nothing was heard since</td><td>within a {@link RaftSession} it is
 *       done for you; else ask {@link RaftNode#resolve} if {@link Unknown#index()} is known, or
 *       make commands safe to repeat</td></tr>
 *   <tr><td>Unknown</td><td>SESSION_EXPIRED</td><td>the session ended before an answer came</td>
 *       <td>find out by reading</td></tr>
 *   <tr><td>Unknown</td><td>REPLY_FORGOTTEN</td><td>it was applied, once; the reply is gone</td>
 *       <td>no: find out by reading</td></tr>
 *   <tr><td>Fatal</td><td></td><td>storage or state machine of this member has failed</td>
 *       <td>at another member; what was in flight may have been replicated</td></tr>
 * </table>
 *
 * <p>Instances carry no stack trace: they are expected outcomes, made at high rates.
 */
public abstract sealed class RaftException extends VertxException {
  private static final long serialVersionUID = 1L;

  private final String leaderId;

  private RaftException(String message, String leaderId, Throwable cause) {
    super(message, cause, true);
    this.leaderId = leaderId;
  }

  /** The leader as far as the failing member knows, or null. */
  public String leaderId() {
    return leaderId;
  }

  /** A short machine-readable reason, the name of the subclass's reason. */
  public abstract String reasonName();

  /** The command is certainly not in the log and never will be. */
  public static final class Rejected extends RaftException {
    private static final long serialVersionUID = 1L;

    /** Why a command was not accepted. */
    public enum Reason {
      /** This member does not lead and could not or may not forward; see the leader hint. */
      NOT_LEADER,
      /** The in-flight budget is used up: slow down and try again. */
      OVERLOADED,
      /** The node is closing or closed. */
      SHUTTING_DOWN,
      /** The command exceeds {@code commandBytesMax}. */
      TOO_LARGE,
      /** The leader's disk is short of room; it takes commands again when there is some. */
      STORAGE_FULL,
      /** Nothing can be read here until what the log holds has been applied again. */
      RECOVERING,
      /** A read was not answered in time. */
      TIMEOUT,
      /** The leadership could not be handed over; the message says why. */
      TRANSFER_FAILED,
      /** The session has expired or was closed; this command was not applied. Open another. */
      SESSION_EXPIRED
    }

    private final Reason reason;

    /** Creates the exception. */
    public Rejected(Reason reason, String message, String leaderId) {
      super(message, leaderId, null);
      this.reason = reason;
    }

    /** Why the command was not accepted. */
    public Reason reason() {
      return reason;
    }

    @Override
    public String reasonName() {
      return reason.name();
    }
  }

  /** The command's fate is not known: it may have been, or may still be, committed and applied. */
  public static final class Unknown extends RaftException {
    private static final long serialVersionUID = 1L;

    /** Why the outcome is not known. */
    public enum Reason {
      /** Leadership was lost after the command was appended. */
      LEADERSHIP_LOST,
      /** The deadline passed. */
      DEADLINE,
      /** The node was closed. */
      NODE_STOPPED,
      /** The command was forwarded, and the answer did not come back. */
      FORWARD_LOST,
      /** The command was applied once, earlier; its reply is not kept any more. */
      REPLY_FORGOTTEN,
      /** The session ended after the command was sent and before an answer came. */
      SESSION_EXPIRED
    }

    private final Reason reason;
    private final long term;
    private final long index;

    /** Creates the exception for a command whose place in the log is not known. */
    public Unknown(Reason reason, String message, String leaderId) {
      this(reason, message, leaderId, 0, 0);
    }

    /**
     * Creates the exception for a command that was appended.
     *
     * @param term the term it was appended in, 0 if not known
     * @param index where it was appended, 0 if not known
     */
    public Unknown(Reason reason, String message, String leaderId, long term, long index) {
      super(message, leaderId, null);
      this.reason = reason;
      this.term = term;
      this.index = index;
    }

    /**
     * The term the command was appended in, 0 if that is not known; for {@link RaftNode#resolve}.
     */
    public long term() {
      return term;
    }

    /** The log index the command was appended at, 0 if that is not known. */
    public long index() {
      return index;
    }

    /** Why the outcome is not known. */
    public Reason reason() {
      return reason;
    }

    @Override
    public String reasonName() {
      return reason.name();
    }
  }

  /** This member's storage or state machine failed; it serves nothing but its status. */
  public static final class Fatal extends RaftException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public Fatal(String message, Throwable cause) {
      super(message, null, cause);
    }

    @Override
    public String reasonName() {
      return "FATAL";
    }
  }
}
