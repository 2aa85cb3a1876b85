/** The processes in which members run, seen from within and from outside. */
package io.vertxraft.examples.benchmark.member;
