package io.vertxraft.protocol;

/**
 * The leader no longer has the entries that the receiver needs next, and offers a snapshot in their
 * place (§7). Repeated until it is answered as installed. The receiver fetches the content by
 * itself, see {@link SnapshotRequest}, from the leader or from any other member.
 *
 * @param term the leader's term
 * @param lastIndex index of the last entry that the leader's newest snapshot holds
 * @param lastTerm term of that entry
 * @param minIndex any member's snapshot that ends here or later will do: the leader still has the
 *     entries that follow, and keeps them while this member fetches
 */
public record InstallSnapshot(long term, long lastIndex, long lastTerm, long minIndex)
    implements Message.Immediate {}
