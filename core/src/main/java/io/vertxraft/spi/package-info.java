/**
 * What the runtime needs from the outside world, each behind a small interface that a simulator can
 * replace: durable storage, message transport, and time.
 */
package io.vertxraft.spi;
