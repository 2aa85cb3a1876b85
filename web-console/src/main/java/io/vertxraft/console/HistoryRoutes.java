package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.console.HistoryRing.Moment;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** The addresses that look back: history and bundle. */
final class HistoryRoutes {
  private static final int FRAMES_DEFAULT = 120;
  private static final int FRAMES_MAX = 600;

  /** So many missed samples are a gap: nobody looked. */
  private static final int GAP_SAMPLES = 4;

  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ConsoleImpl console;
  private final AtomicBoolean packing = new AtomicBoolean();

  HistoryRoutes(ConsoleImpl console) {
    this.console = console;
  }

  /** {@code history}, and {@code history?at=}. */
  void overviewOrMoment(RoutingContext request) {
    try {
      if (Query.has(request, "at")) {
        moment(request, Query.number(request, "at", 0, 0, Long.MAX_VALUE));
      } else {
        overview(request, from(request), to(request));
      }
    } catch (WrongParameter wrong) {
      Answers.wrong(request, wrong);
    }
  }

  private static long from(RoutingContext request) {
    return Query.number(request, "fromMs", 0, 0, Long.MAX_VALUE);
  }

  private static long to(RoutingContext request) {
    return Query.number(request, "toMs", Long.MAX_VALUE, 0, Long.MAX_VALUE);
  }

  private void overview(RoutingContext request, long fromMs, long toMs) {
    console.ask(request, () -> overview(fromMs, toMs), body -> Answers.json(request, 200, body));
  }

  private JsonObject overview(long fromMs, long toMs) {
    RaftConsoleOptions options = console.setup().options();
    HistoryRing history = console.history();
    List<Moment> moments = history.between(fromMs, toMs);
    JsonArray times = new JsonArray();
    moments.forEach(moment -> times.add(moment.timeMs()));
    long gapMs =
        Math.max(
            GAP_SAMPLES * options.getSampleIntervalMs(),
            options.getSampleIntervalMs() + MemberProbe.ANSWER_TIMEOUT_MS);
    long firstMs = history.firstMs() == null ? 0 : history.firstMs();
    return new JsonObject()
        .put("epoch", console.epoch())
        .put("seenFrom", console.node().nodeId())
        .put("timeMs", System.currentTimeMillis())
        .put("recording", console.isSampling() && options.getHistoryMs() > 0)
        .put("recordAlways", options.isRecordAlways())
        .put("bytes", history.bytes())
        .put("bytesMax", options.getHistoryBytesMax())
        .put("historyMs", options.getHistoryMs())
        .put("firstMs", history.firstMs())
        .put("lastMs", history.lastMs())
        .put("moments", times)
        .put("spans", HistoryRing.spans(moments, gapMs))
        .put("events", console.events().between(Math.max(fromMs, firstMs), toMs));
  }

  /** A moment with its neighbours and what had happened until then. */
  private record Found(
      Moment moment, Long before, Long after, Long first, Long last, JsonArray events) {}

  private void moment(RoutingContext request, long atMs) {
    console.ask(
        request,
        () -> {
          HistoryRing history = console.history();
          Moment moment = history.at(atMs);
          return moment == null
              ? null
              : new Found(
                  moment,
                  history.before(moment),
                  history.after(moment),
                  history.firstMs(),
                  history.lastMs(),
                  console.events().upTo(moment.timeMs(), ConsoleImpl.STATE_EVENTS_MAX));
        },
        found -> {
          if (found == null) {
            Answers.error(
                request,
                404,
                "no moment is recorded: frames are kept while somebody looks, or always with the"
                    + " console option recordAlways");
          } else {
            Answers.json(request, 200, toJson(atMs, found));
          }
        });
  }

  private JsonObject toJson(long atMs, Found found) {
    return new JsonObject()
        .put("epoch", console.epoch())
        .put("atMs", atMs)
        .put("timeMs", found.moment().timeMs())
        .put("previousMs", found.before())
        .put("nextMs", found.after())
        .put("firstMs", found.first())
        .put("lastMs", found.last())
        .put("frame", new JsonObject(found.moment().frame()).put("events", found.events()));
  }

  /** {@code history/frames}. */
  void frames(RoutingContext request) {
    try {
      long fromMs = from(request);
      long toMs = to(request);
      int max = (int) Query.number(request, "max", FRAMES_DEFAULT, 1, FRAMES_MAX);
      console.ask(
          request,
          () -> HistoryRing.thinned(console.history().between(fromMs, toMs), max),
          moments -> Answers.jsonText(request, 200, frames(moments)));
    } catch (WrongParameter wrong) {
      Answers.wrong(request, wrong);
    }
  }

  /** Frames are texts already: they are joined as such. */
  private String frames(List<Moment> moments) {
    StringBuilder text = new StringBuilder("{\"epoch\":\"").append(console.epoch());
    text.append("\",\"frames\":[");
    for (int i = 0; i < moments.size(); i++) {
      text.append(i == 0 ? "" : ",").append(moments.get(i).frame());
    }
    return text.append("]}").toString();
  }

  /** {@code diagnostics.zip}; one at a time, because each is made in memory. */
  void bundle(RoutingContext request) {
    if (!packing.compareAndSet(false, true)) {
      request.response().putHeader("Retry-After", "2");
      Answers.error(request, 503, "another bundle is being made; ask again in 2 s");
      return;
    }
    console
        .bundle("asked for in the console")
        .onComplete(
            done -> {
              packing.set(false);
              if (done.failed()) {
                Answers.error(request, 503, String.valueOf(done.cause().getMessage()));
                return;
              }
              String name =
                  "raft-%s-%s.zip"
                      .formatted(
                          console.node().nodeId().replaceAll("[^A-Za-z0-9._-]", "_"),
                          FILE_TIME.format(Instant.now()));
              request
                  .response()
                  .putHeader("Content-Type", "application/zip")
                  .putHeader("Content-Disposition", "attachment; filename=\"%s\"".formatted(name))
                  .end(done.result());
            });
  }
}
