/**
 * The language the members of a group speak: immutable messages, log entries and configurations.
 *
 * <p>Plain Java: no Vert.x, no clock, no I/O. Everything else in the toolkit may depend on this
 * package; it depends on nothing.
 */
package io.vertxraft.protocol;
