/**
 * Clients of a group: sessions, in the member's process or elsewhere, calls that are sent again
 * until they are answered, and the way over the event bus. Implementation; the API is {@link
 * io.vertxraft.RaftSession} and {@link io.vertxraft.RaftClient}.
 */
package io.vertxraft.client;
