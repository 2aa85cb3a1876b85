/**
 * The peer transport over plain TCP connections: the same streams and guarantees as over gRPC, at a
 * fraction of its cost, for members only.
 *
 * <p>{@link io.vertxraft.socket.SocketTransport} is the way in. What is written: each end of a
 * connection begins with a greeting, and then sends frames. All numbers are big-endian.
 *
 * <pre>
 * greeting   8 bytes "RAFT", CR, LF, CR, LF
 *            u16     length of the text, at most 4,096
 *            text    UTF-8, lines of key=value, each ended by LF
 *
 * frame      u32     length of what follows
 *            u8      type
 *            content by type
 * </pre>
 *
 * <p>The opener's greeting has the keys {@code raft-version}, {@code raft-cluster}, {@code
 * raft-from}, {@code raft-to} and {@code raft-stream} (CONTROL, BULK or SNAPSHOT). The listener
 * answers with {@code raft-version}, {@code raft-cluster} and {@code raft-node}, or with {@code
 * raft-status} and {@code raft-message} if it refuses, and then closes. The opener sends nothing
 * else before it has verified the answer. Keys that are not known are ignored.
 *
 * <pre>
 * type  content
 *  0    an Envelope of vertxraft.proto: all messages that have no type of their own
 *  1    AppendEntries       group, u64 term, u64 prev index, u64 prev term, u64 commit, u32 count,
 *                           count times u32 length and the entry as it stands in the log
 *  2    AppendEntriesReply  group, u64 term, u8 accepted, u64 match, u64 conflict term,
 *                           u64 conflict index
 *  3    Heartbeat           group, u64 term, u64 commit, u64 commit term, s64 sent at nanos,
 *                           u64 heal index
 *  4    HeartbeatReply      group, u64 term, s64 sent at nanos, s64 clock nanos, u64 damaged term
 *  5    ping                nothing; sent by the opener
 *  6    pong                nothing; the listener's answer
 *
 * group                     u8 length, and the group's id in ASCII
 * </pre>
 *
 * <p>Frames of other types are dropped, and bytes behind the content are ignored, so that later
 * versions may add to both.
 */
package io.vertxraft.socket;
