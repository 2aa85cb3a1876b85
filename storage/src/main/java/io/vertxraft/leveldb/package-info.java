/**
 * Durable storage of a process in LevelDB: log and hard state of all its groups.
 *
 * <p>{@link io.vertxraft.leveldb.LevelDbStorage} is all one needs, together with its {@link
 * io.vertxraft.leveldb.LevelDbOptions options}.
 *
 * <h2>Threads</h2>
 *
 * <pre>
 *   contexts of the groups            writer thread                   reader thread
 *
 *   group 1  write --+
 *   group 2  write --+--&gt; queue --&gt; take all that is there,
 *   group 1  write --+              one record in the journal,
 *                                   one sync, mark the watermark
 *      ^  ^                              |
 *      |  +-- one task per group --------+
 *      |      and batch                  |
 *      |                                 now and then: LevelDB
 *      |                                 gets what the journal has
 *      +-- read ------------------------------------------------&gt; iterate, verify
 *             entries &lt;--------------------------------------------+
 * </pre>
 *
 * <p>No timer gathers writes: while one batch is synced the next one queues up. LevelDB itself is
 * not synced, for that costs several times what the sync of the {@linkplain
 * io.vertxraft.leveldb.Journal journal} costs; it gets the changes of many batches at once, on a
 * thread of its own, so that nobody waits while it writes a table. Of a long run it gets only the
 * {@linkplain io.vertxraft.leveldb.RunPlace place}: the journal has the run, and keeps it.
 *
 * <p>Room that deleted records leave is taken back on a third thread.
 *
 * <h2>Files</h2>
 *
 * <pre>
 *   directory/
 *     identity.json   format version, cluster id, node id, creating or ready, voters
 *     owner.lock      locked while the storage is open
 *     watermark       per group: term and vote, exact; what has been acknowledged, at least
 *     db/             the LevelDB
 *     db/journal/     its journal: segment-N, the newest four and those with runs that are needed;
 *                     spare-N, files that wait to be used; replay-of-N, while a start gives the
 *                     database what only generation N of the journal has
 *     db.damaged/     the LevelDB that was damaged last
 *     db.rebuilt/     while a damaged one is built anew; db.scratch/ likewise
 *     aside-N-X       a LevelDB log or MANIFEST before a torn write was cut off it; at most 3
 *     native/         where the library is unpacked
 * </pre>
 *
 * <h2>Records in the database</h2>
 *
 * Keys have 13 bytes: {@code [u8 type][u32 group number][u64 index]}, big-endian.
 *
 * <pre>
 *   type  index  value
 *   1     0      group id; CRC32C
 *   2     0      hard state, first and last index, terms, sequence of the last change; CRC32C
 *   3     i      a run: entry i and those that follow it, each exactly as encoded by its leader;
 *                or where in the journal the run stands
 * </pre>
 *
 * <p>The record of type 2 is written in the same batch as what it describes, but not if entries are
 * only appended: such batches write runs and nothing else, each behind the last, so that LevelDB
 * never has to merge its tables.
 *
 * <h2>What is checked at start</h2>
 *
 * <ol>
 *   <li>The lock, then the owner. A database is created only if identity.json is new.
 *   <li>LevelDB's log files: LevelDB numbers its changes, and so does the journal. From the first
 *       change on that is not intact or does not follow, the logs are cut off if the journal goes
 *       on from there, and a torn last batch in any case; what is before other damage is read from
 *       a copy. Likewise the end of its MANIFEST: a torn last version edit is cut off if every file
 *       that the edits before it name is there.
 *   <li>LevelDB's own checks, in its strict mode. Then it gets what only the journal has, all of it
 *       is synced, and the journal begins anew.
 *   <li>For each group: every entry decodes and stands where it belongs, indexes have no gap, terms
 *       do not decrease, and the log goes at least as far as the meta record says.
 *   <li>Each group has the term and vote and at least the changes and entries that the watermark
 *       knows.
 * </ol>
 *
 * <p>A log that is not whole opens as far as it is, and says that it is damaged. A group whose term
 * and vote are not certain is refused. Nothing that may have been acknowledged is ever forgotten in
 * silence.
 */
package io.vertxraft.leveldb;
