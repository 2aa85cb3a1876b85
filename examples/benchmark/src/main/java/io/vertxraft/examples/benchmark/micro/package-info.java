/** Micro-benchmarks of the parts every command passes, run by JMH. */
package io.vertxraft.examples.benchmark.micro;
