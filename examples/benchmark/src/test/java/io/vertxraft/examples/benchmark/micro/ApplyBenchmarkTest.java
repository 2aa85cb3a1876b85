package io.vertxraft.examples.benchmark.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is measured does what it says. */
class ApplyBenchmarkTest {
  @Test
  void everyCommandOfABatchIsAnswered() throws Exception {
    ApplyBenchmark benchmark = new ApplyBenchmark();
    benchmark.commands = 3;
    benchmark.start();
    try {
      assertThat(benchmark.aBatchThroughOneNode()).isZero();
    } finally {
      benchmark.stop();
    }
  }
}
