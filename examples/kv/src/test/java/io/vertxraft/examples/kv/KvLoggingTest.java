package io.vertxraft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class KvLoggingTest {
  @Test
  void a_client_that_resets_its_connection_is_no_news_but_a_defect_is() {
    KvLogging.quieten();
    Logger channels = Logger.getLogger("io.netty.channel.AbstractChannelHandlerContext");
    List<String> told = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            told.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    channels.addHandler(handler);
    try {
      channels.log(Level.WARNING, "reset", new SocketException("Connection reset"));
      channels.log(Level.WARNING, "defect", new IllegalStateException("odd"));
    } finally {
      channels.removeHandler(handler);
    }

    assertThat(told).containsExactly("defect");
  }
}
