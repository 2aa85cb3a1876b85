/**
 * Metrics of members through Micrometer, and health checks: {@link
 * io.vertxraft.metrics.RaftMetrics} and {@link io.vertxraft.metrics.RaftHealth}.
 */
package io.vertxraft.metrics;
