package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Fetches a diagnostic bundle. */
@Command(
    name = "bundle",
    description = {
      "Fetches a zip file that explains itself: status, findings, events and the recorded past.",
      "The console's page opens it offline. Log entries and payloads are not in it."
    },
    mixinStandardHelpOptions = true)
final class BundleCommand extends LiveCommand {
  private static final int DOWNLOAD_SECONDS = 120;
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"([A-Za-z0-9._-]+)\"");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file to write (default: the name that the console gives it).")
  private Path file;

  BundleCommand() {}

  @Override
  ConsoleClient open(ConsoleAccess to) {
    return to.open(DOWNLOAD_SECONDS);
  }

  @Override
  int ask(ConsoleClient console, PrintWriter out) throws IOException {
    HttpResponse<InputStream> response = console.download("diagnostics.zip");
    Path target = file == null ? Path.of(offered(response)) : file;
    long bytes;
    try (InputStream body = response.body()) {
      bytes = write(body, target, console);
    }
    out.println(
        json()
            ? new JsonObject().put("file", target.toString()).put("bytes", bytes).encodePrettily()
            : "wrote '%s', %s".formatted(target, Plain.bytes(bytes)));
    return RaftCtl.GOOD;
  }

  /** What is there already stays, and half a file does not. */
  private static long write(InputStream body, Path target, ConsoleClient console)
      throws IOException {
    try {
      Files.createFile(target);
    } catch (FileAlreadyExistsException e) {
      throw new ConsoleException(
          RaftCtl.USAGE, "'%s' exists, and is not overwritten: name another".formatted(target), e);
    }
    try (var written = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
      return body.transferTo(written);
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw new ConsoleException(
          RaftCtl.UNREACHABLE,
          "the bundle of %s ended early (%s), and '%s' was removed again: try again"
              .formatted(console.address(), Plain.text(e.getMessage()), target),
          e);
    }
  }

  private static String offered(HttpResponse<?> response) {
    Matcher matcher =
        FILE_NAME.matcher(response.headers().firstValue("Content-Disposition").orElse(""));
    return matcher.find() && !matcher.group(1).startsWith(".")
        ? matcher.group(1)
        : "raft-diagnostics.zip";
  }
}
