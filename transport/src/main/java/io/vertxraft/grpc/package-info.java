/**
 * The peer transport over gRPC: two long-lived streams per pair of nodes and direction, and one for
 * snapshots while it is needed, shared by all groups.
 *
 * <p>{@link io.vertxraft.grpc.GrpcTransport} is the way in for members, {@link
 * io.vertxraft.grpc.GrpcClientChannel} for clients that are none.
 */
package io.vertxraft.grpc;
