/**
 * A replicated key-value server: one process per member, HTTP for clients, gRPC between members,
 * LevelDB below. Start it with {@link io.vertxraft.examples.kv.KvMain}, or from code with {@link
 * io.vertxraft.examples.kv.KvServer}.
 */
package io.vertxraft.examples.kv;
