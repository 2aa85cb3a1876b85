package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads an event stream, the way a browser does. */
final class EventReader {
  /** One event, or a comment if {@code name} is null. */
  record Event(String id, String name, String data) {
    JsonObject json() {
      return new JsonObject(data);
    }

    long sequence() {
      return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    String epoch() {
      return id.substring(0, id.indexOf('-'));
    }
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
  private final Context context = Vertx.currentContext();
  private HttpClientResponse response;

  static Future<EventReader> open(HttpClient client, RequestOptions options) {
    EventReader reader = new EventReader();
    RecordParser parser = RecordParser.newDelimited("\n\n");
    parser.handler(block -> reader.parse(block.toString()));
    return client
        .request(options.setMethod(HttpMethod.GET))
        .compose(HttpClientRequest::send)
        .map(
            response -> {
              response.handler(parser);
              response.exceptionHandler(e -> reader.ended.add(true));
              response.endHandler(v -> reader.ended.add(true));
              reader.response = response;
              return reader;
            });
  }

  HttpClientResponse response() {
    return response;
  }

  private void parse(String block) {
    String id = null;
    String name = null;
    StringBuilder data = new StringBuilder();
    for (String line : block.split("\n", -1)) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6));
      } else if (line.startsWith(":")) {
        data.append(line);
      }
    }
    if (id != null || data.length() > 0) {
      events.add(new Event(id, name, data.toString()));
    }
  }

  /** The next event that is not a comment. */
  Event next() throws InterruptedException {
    Event event = nextOfAnyKind();
    while (event.name() == null) {
      event = nextOfAnyKind();
    }
    return event;
  }

  Event nextOfAnyKind() throws InterruptedException {
    Event event = events.poll(20, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event within 20 s");
    }
    return event;
  }

  void awaitEnd() throws InterruptedException {
    if (ended.poll(20, TimeUnit.SECONDS) == null) {
      throw new AssertionError("the stream did not end within 20 s");
    }
  }

  void pause() {
    context.runOnContext(v -> response.pause());
  }

  void resume() {
    context.runOnContext(v -> response.resume());
  }

  void close() {
    Waits.await(response.request().connection().close());
  }
}
