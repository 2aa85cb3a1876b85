package io.vertxraft;

import io.vertx.codegen.annotations.GenIgnore;
import io.vertx.codegen.annotations.VertxGen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.runtime.RaftNodes;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;
import java.util.List;

/**
 * A member of a Raft group.
 *
 * <p>All methods may be called from any thread. Futures complete on the Vert.x context of the
 * caller if it has one, else on the node's own. Order: commands applied from one context
 * keep their order; on each member log order, apply order and completion order are the same.
 *
 * <p>Usually a node is deployed inside a {@link RaftVerticle}, which starts and closes it.
 */
@VertxGen
public interface RaftNode extends RaftCommands {
  /**
   * Creates a node; {@link #start()} starts it. Storage and transport may be shared with other
   * groups of the process; the caller closes them after the node.
   *
   * <p>The node lives on the context on which this is called, or on a new one if there is none. A
   * verticle that creates its node in its own {@code start} and calls it from there shares an event
   * loop with it: no command and no reply has to wake another thread.
   *
   * @param vertx the Vert.x instance the node runs on
   * @param options who the node is, and its limits
   * @param stateMachine the replicated application state
   * @param storage durable storage of this node
   * @param transport way to the other members
   * @throws IllegalArgumentException naming the option that is not valid
   */
  @GenIgnore(GenIgnore.PERMITTED_TYPE)
  static RaftNode create(
      Vertx vertx,
      RaftOptions options,
      StateMachine stateMachine,
      RaftStorage storage,
      Transport transport) {
    return RaftNodes.create(vertx, options, stateMachine, storage, transport);
  }

  /** The node's id. */
  String nodeId();

  /**
   * Opens storage and transport and takes part in the group.
   *
   * @return completes when the node takes part; it may not know a leader yet
   */
  Future<Void> start();

  /**
   * Tells what has become of a command that ended as {@link RaftException.Unknown}.
   *
   * <p>Waits until a leader has committed an entry of its own term, which decides the fate of
   * everything before it.
   *
   * @param term {@link RaftException.Unknown#term()}, not 0
   * @param index {@link RaftException.Unknown#index()}, not 0
   * @return fails with {@link RaftException.Rejected} as a read does: it may be asked again
   */
  Future<CommandFate> resolve(long term, long index);

  /**
   * Opens a session: each of its commands is applied exactly once. It ends when the node is
   * closed.
   *
   * @param options how it behaves
   * @return fails as {@link #apply(Buffer)}, after {@link SessionOptions#getApplyTimeoutMs()}
   * @throws IllegalArgumentException naming the option that is not valid
   */
  Future<RaftSession> session(SessionOptions options);

  /** {@link #session(SessionOptions)} with all defaults. */
  default Future<RaftSession> session() {
    return session(new SessionOptions());
  }

  /**
   * Answers the request of a client that is not a member; for those who carry such requests.
   *
   * @return never fails: a failure is part of the reply
   */
  @GenIgnore(GenIgnore.PERMITTED_TYPE)
  Future<ClientReply> serve(ClientRequest request);

  /**
   * What this member's lease as leader is worth now. Never blocks, costs a look at the
   * clock.
   */
  LeaderLease leaderLease();

  /**
   * Hands the leadership over, from this leader to another voter (thesis 3.10). Commands proposed
   * meanwhile wait and go to the new leader; none is lost.
   *
   * @param nodeId who is to lead
   * @return completes when {@code nodeId} leads; fails with {@link RaftException.Rejected} if this
   *     member does not lead, if the target is not fit to lead, or if it is not elected in time, in
   *     which case this member leads on or another one does
   */
  Future<Void> transferLeadership(String nodeId);

  /**
   * Hands the leadership to the member that is fittest: by priority, then by how much of the log it
   * holds. Otherwise as {@link #transferLeadership(String)}; completes when any other member leads.
   */
  Future<Void> transferLeadership();

  /**
   * Takes a snapshot of this member's state now, whatever {@link SnapshotOptions} say about time
   * and size. The log is cut by as much as snapshots and followers allow.
   *
   * @return what became of it: a snapshot that was not due is skipped, with the reason, and cuts
   *     nothing. Fails if the state machine or the disk fails, after {@link
   *     SnapshotOptions#getSaveTimeoutMs()}, if the leader's snapshot takes its place, or with
   *     {@link RaftException.Rejected} if the node does not run
   */
  Future<SnapshotResult> snapshot();

  /** One consistent picture of this member as it sees itself and its group. */
  Future<RaftStatus> status();

  /**
   * Another member's picture, asked for over the transport.
   *
   * @param nodeId a member of the group, this one included
   * @return fails with {@link RaftException.Unknown} if the member does not answer within an
   *     election timeout
   */
  Future<RaftStatus> memberStatus(String nodeId);

  /**
   * What happens from now on. Each call gives a stream of its own, whose handlers run on the
   * caller's context. A subscriber that pauses keeps the newest 1,000 events; older ones are
   * dropped.
   */
  ReadStream<RaftEvent> events();

  /**
   * The commands that this member has applied, in log order: from {@code fromIndex} on, first from
   * the stored log, then as they are applied. For caches, projections and searches that follow the
   * replicated state; each call gives a stream of its own, whose handlers run on the caller's
   * context.
   *
   * <p>Back-pressure: the stream reads the log when its reader wants more, and holds one batch at
   * most, of {@link RaftOptions#getAppendEntriesMax()} entries and {@link
   * RaftOptions#getAppendBytesMax()} bytes. It does not hold the log back: when a snapshot replaces
   * entries that were not read yet, the stream fails with {@link LogCompactedException}, which
   * names the first index that is left. {@link SnapshotOptions#getRetainEntries()} sets how far
   * back one can begin.
   *
   * <p>A command of a session is shown once, however often it was sent. Of the sessions'
   * commands that an earlier life of the member applied it does not know which were repetitions: a
   * stream that comes to one of them fails with {@link LogCompactedException} too.
   *
   * <p>Begins to flow when this member has recovered. Ends when the node is closed, and
   * fails with {@link RaftException.Fatal} when it fails, both after the batch in hand.
   *
   * @param fromIndex index of the first command wanted; if the log is shorter, the stream waits for
   *     it. Commands have gaps between their indexes, see {@link Command#index()}
   * @throws IllegalArgumentException if {@code fromIndex} is less than 1
   */
  @GenIgnore(GenIgnore.PERMITTED_TYPE)
  ReadStream<Command> committed(long fromIndex);

  /**
   * A few entries of this member's own log, for those who want to look at it: also ones that are
   * not committed and may yet be replaced. To follow what is applied, use {@link #committed}.
   *
   * @param fromIndex index of the first entry wanted, 1 or more
   * @param entriesMax most entries, 1 or more
   * @param bytesMax most encoded bytes; one entry is given even if it has more
   * @return the entries in order, none if the log ends before {@code fromIndex}; fails with {@link
   *     LogCompactedException} if a snapshot has replaced the first of them, and with {@link
   *     RaftException.Rejected} if the node does not run
   */
  @GenIgnore(GenIgnore.PERMITTED_TYPE)
  default Future<List<LogRecord>> readLog(long fromIndex, int entriesMax, int bytesMax) {
    return Future.failedFuture(
        new UnsupportedOperationException("this node does not show its log"));
  }

  /**
   * Leaves the group: a leader hands over first if another member can take over, for at most the
   * time of two election timeouts. Then new commands are refused, pending ones end as {@link
   * RaftException.Unknown}, and the group's part of storage and transport is given back; these
   * themselves stay open. Idempotent.
   */
  Future<Void> close();
}
