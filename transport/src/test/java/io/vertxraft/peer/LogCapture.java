package io.vertxraft.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The transport's warnings while it is open. */
public final class LogCapture implements AutoCloseable {
  // Held here, because the log manager refers to its loggers weakly.
  private final Logger logger;
  private final List<String> lines = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          synchronized (lines) {
            lines.add(entry.getMessage());
            lines.notifyAll();
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  public LogCapture(Class<?> transport) {
    logger = Logger.getLogger(transport.getName());
    logger.addHandler(handler);
  }

  /** Waits until there is a warning with all these words in it. */
  public String await(String... words) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestNode.WAIT_SECONDS);
    synchronized (lines) {
      while (true) {
        for (String line : lines) {
          if (Stream.of(words).allMatch(line::contains)) {
            return line;
          }
        }
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMs <= 0) {
          throw new AssertionError("no warning with %s among %s".formatted(List.of(words), lines));
        }
        try {
          lines.wait(leftMs);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /** How many warnings with this word there are so far. */
  public long countWith(String word) {
    synchronized (lines) {
      return lines.stream().filter(line -> line.contains(word)).count();
    }
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}
