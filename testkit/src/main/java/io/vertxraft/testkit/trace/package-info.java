/**
 * What a run did, in terms of the protocol: recorded event by event, written to a file for a
 * checker, or drawn for people.
 */
package io.vertxraft.testkit.trace;
