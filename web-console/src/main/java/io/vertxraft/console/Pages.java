package io.vertxraft.console;

import io.vertx.ext.web.RoutingContext;

/** The page and its files, which are the same for every console, and what is not there. */
final class Pages {
  private Pages() {}

  static void page(RoutingContext request) {
    request
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-cache")
        .end(Assets.get().page());
  }

  static void asset(RoutingContext request) {
    Assets.Asset asset = Assets.get().find(request.pathParam("hash"), request.pathParam("file"));
    if (asset == null) {
      notFound(request);
      return;
    }
    request
        .response()
        .putHeader("Content-Type", asset.contentType())
        .putHeader("Cache-Control", "public, max-age=31536000, immutable")
        .end(asset.body());
  }

  static void notAllowed(RoutingContext request, String allowed) {
    request.response().putHeader("Allow", allowed);
    Answers.error(
        request,
        405,
        "%s is not possible here: use %s"
            .formatted(Words.plain(request.request().method().name()), allowed));
  }

  static void notFound(RoutingContext request) {
    Answers.error(
        request, 404, "the console has nothing at '%s'".formatted(request.normalizedPath()));
  }

  /** {@code /raft} matches a mount at {@code /raft/*}, but no route of the sub-router. */
  static void mountOrNotFound(RoutingContext request) {
    String mount = request.mountPoint() == null ? "" : request.mountPoint();
    String directory = mount.endsWith("/") ? mount : mount + "/";
    if (directory.equals(request.normalizedPath() + "/")) {
      redirectToDirectory(request);
    } else {
      notFound(request);
    }
  }

  /** The page's addresses are relative, so that it works behind any prefix: it needs the slash. */
  private static void redirectToDirectory(RoutingContext request) {
    String path = request.normalizedPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    request.response().setStatusCode(308).putHeader("Location", "./" + last + "/").end();
  }
}
