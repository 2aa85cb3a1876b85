package io.vertxraft.protocol;

/**
 * Asks a member for a piece of a snapshot, or for a manifest.
 *
 * @param requestId correlates the answer
 * @param lastIndex which snapshot; with an empty {@code file}, the newest that ends here or later
 * @param file the file's name; empty to ask for the manifest
 * @param offset where the piece begins
 * @param bytesMax the most bytes of the file that are wanted
 * @param deflate whether the piece may come deflated
 */
public record SnapshotRequest(
    long requestId, long lastIndex, String file, long offset, int bytesMax, boolean deflate)
    implements PeerRpc {}
