/**
 * The public API of vertx-raft: deploy a {@link io.vertxraft.RaftVerticle}, or start a {@link
 * io.vertxraft.RaftNode}, and call {@link io.vertxraft.RaftNode#apply apply}.
 *
 * <p>The RxJava 3 form of this package is generated as {@code io.vertxraft.rxjava3}.
 */
@ModuleGen(name = "vertx-raft", groupPackage = "io.vertxraft")
package io.vertxraft;

import io.vertx.codegen.annotations.ModuleGen;
