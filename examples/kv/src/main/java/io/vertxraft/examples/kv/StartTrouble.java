package io.vertxraft.examples.kv;

import io.vertxraft.Member;
import io.vertxraft.spi.StorageException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Why a server did not start, in the words of its command line: storage and transport know no
 * options of this program.
 */
final class StartTrouble {
  private StartTrouble() {}

  /** One line that names the option, the trouble and the remedy. */
  static String describe(Throwable cause, KvServerOptions options) {
    StorageException storage = find(StorageException.class, cause);
    if (storage != null) {
      return ofStorage(storage, options);
    }
    if (cause instanceof ListenException) {
      return cause.getMessage();
    }
    if (find(BindException.class, cause) != null
        || find(UnknownHostException.class, cause) != null) {
      return ofPeerAddress(cause, options);
    }
    String message = cause.getMessage();
    return message == null ? "unexpected failure: " + cause : message;
  }

  /** HTTP cannot be listened for; the message is for whoever runs the command. */
  static final class ListenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ListenException(String address, Throwable cause) {
      super(
          "--http is '%s', where this process cannot listen: %s; choose another address or port"
              .formatted(address, reason(cause)),
          cause);
    }
  }

  private static String ofStorage(StorageException storage, KvServerOptions options) {
    FileSystemException file = find(FileSystemException.class, storage);
    String trouble =
        file == null || storage.kind() != StorageException.Kind.IO_ERROR
            ? storage
                .getMessage()
                .replace("correct the directory, or nodeId and clusterId", "correct one of these")
                .replace("set the option 'directory' to another path", "choose another one")
            : "the directory cannot be created or used: %s; choose another one"
                .formatted(reason(file));
    String given =
        storage.kind() == StorageException.Kind.WRONG_OWNER
            ? "--data is '%s', --id is '%s', --cluster-id is '%s'"
                .formatted(
                    options.dataDirectory(),
                    options.raft().getNodeId(),
                    options.raft().getClusterId())
            : "--data is '%s'".formatted(options.dataDirectory());
    return given + ": " + trouble;
  }

  private static String ofPeerAddress(Throwable cause, KvServerOptions options) {
    String id = options.raft().getNodeId();
    Member self =
        options.raft().getMembers().stream()
            .filter(member -> member.getNodeId().equals(id))
            .findFirst()
            .orElseThrow();
    return "--members has '%s', where this process cannot listen for its peers: %s; %s"
        .formatted(
            self,
            reason(cause),
            find(UnknownHostException.class, cause) != null
                ? "correct it on every member"
                : "end what uses the port, or give " + id + " another one on every member");
  }

  private static String reason(Throwable cause) {
    UnknownHostException host = find(UnknownHostException.class, cause);
    if (host != null) {
      return "the host name is not known";
    }
    if (cause instanceof NoSuchFileException missing) {
      return "no such file or directory: " + missing.getFile();
    }
    if (cause instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    BindException bind = find(BindException.class, cause);
    Throwable told = bind == null ? cause : bind;
    return told.getMessage() == null ? told.toString() : told.getMessage().strip();
  }

  private static <T extends Throwable> T find(Class<T> type, Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }
}
