package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.ServiceMethod;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.grpc.proto.ClientAnswer;
import io.vertxraft.peer.Backoff;
import io.vertxraft.peer.Dialer.Ending;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.PeerCertificate;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.peer.RateLimitedLog;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.PeerAddress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection to one member, with one stream on it: opened when it is needed, and after a
 * failure not before a pause is over. Confined to the channel's context.
 */
final class MemberLink {
  private static final Logger LOGGER = System.getLogger(MemberLink.class.getName());
  private static final String IDENTITY = "identity";

  /**
   * While so much waits in the connection, nothing is added: what is still here is certainly not
   * delivered if the connection fails. The stream itself counts messages, of any size.
   */
  private static final long WRITING_BYTES_MAX = 64L * 1024;

  private final Vertx vertx;
  private final HttpLayer http;
  private final GrpcClientChannelOptions options;
  private final PeerAddress member;
  private final RateLimitedLog log;
  private final Owner owner;
  private final Backoff backoff;
  private final Map<Long, OutgoingCall> sent = new HashMap<>();
  private final Set<OutgoingCall> unsent = new LinkedHashSet<>();

  private GrpcClient client;
  private OutboundCall connection;
  private WriteStream<Buffer> stream;
  private long callBytesMax;
  private long writingBytes;
  private boolean draining;
  private long lastSentAs;
  private long openedAtNanos;
  private long notBeforeNanos = System.nanoTime();
  private long avoidedUntilNanos = notBeforeNanos;
  private String lastError = "not tried yet";

  /** Told what becomes of the link and its calls. */
  interface Owner {
    /** The link is open. */
    void opened(MemberLink link);

    /**
     * The link could not be opened, or is not open any more.
     *
     * @param unsent calls that are certainly not delivered
     */
    void closed(List<OutgoingCall> unsent);

    /** A member has answered. */
    void answered(OutgoingCall call, ClientReply reply);

    /** There will be no answer. */
    void failed(OutgoingCall call, RaftException why);
  }

  MemberLink(
      Vertx vertx,
      HttpLayer http,
      GrpcClientChannelOptions options,
      PeerAddress member,
      RateLimitedLog log,
      Owner owner) {
    this.vertx = vertx;
    this.http = http;
    this.options = options;
    this.member = member;
    this.log = log;
    this.owner = owner;
    this.backoff = new Backoff(options.getReconnectDelayMinMs(), options.getReconnectDelayMaxMs());
  }

  boolean isOpen() {
    return stream != null;
  }

  boolean isConnecting() {
    return connection != null && stream == null;
  }

  /** Open, and not known to leave calls without an answer. */
  boolean isResponsive() {
    return isOpen() && System.nanoTime() - avoidedUntilNanos >= 0;
  }

  /** Closed, and not in a pause after a failure. */
  boolean mayConnect() {
    return connection == null && System.nanoTime() - notBeforeNanos >= 0;
  }

  /** The member, and why it was last out of reach. */
  String trouble() {
    return member.nodeId() + ": " + lastError;
  }

  /** Starts to connect; the owner may hear within the call that it cannot be done. */
  void connect() {
    if (client == null) {
      client = http.createClient();
    }
    connection =
        new OutboundCall(
            vertx,
            client,
            options.connections(),
            member,
            new MemberDialogue(),
            new OutboundCall.Listener() {
              @Override
              public void opened(WriteStream<Buffer> opened) {
                MemberLink.this.opened(opened);
              }

              @Override
              public void ended(String reason, Ending ending) {
                MemberLink.this.ended(reason, ending);
              }
            });
    connection.start();
  }

  private void opened(WriteStream<Buffer> opened) {
    openedAtNanos = System.nanoTime();
    avoidedUntilNanos = openedAtNanos;
    stream = opened;
    writingBytes = 0;
    owner.opened(this);
  }

  /** Sends a call, at once or when the member takes it; the link is open. */
  void send(OutgoingCall call) {
    if (call.bytes > callBytesMax) {
      owner.failed(
          call,
          new Rejected(
              Rejected.Reason.TOO_LARGE,
              "a call of %d bytes is larger than the %d that member '%s' accepts, messageBytesMax"
                  .formatted(call.bytes, callBytesMax, member.nodeId()),
              null));
      return;
    }
    call.link = this;
    unsent.add(call);
    drain();
  }

  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    while (stream != null && !unsent.isEmpty() && writingBytes < WRITING_BYTES_MAX) {
      OutgoingCall call = unsent.iterator().next();
      unsent.remove(call);
      call.sentAs = ++lastSentAs;
      sent.put(call.sentAs, call);
      write(
          Buffer.buffer(
              ClientCodec.encode(
                      options.getClusterId(), options.getGroupId(), call.sentAs, call.request)
                  .toByteArray()));
    }
    draining = false;
  }

  private void write(Buffer bytes) {
    WriteStream<Buffer> to = stream;
    writingBytes += bytes.length();
    try {
      to.write(bytes)
          .onComplete(
              written -> {
                if (to == stream) {
                  writingBytes -= bytes.length();
                  drain();
                }
              });
    } catch (IllegalStateException e) {
      // The stream has just failed; the link hears of it and ends what was sent.
      LOGGER.log(Level.TRACE, "the stream to a member was over before a call was written", e);
    }
  }

  /** Nobody waits for the call any more: its time is over. */
  void forget(OutgoingCall call) {
    if (sent.remove(call.sentAs) != null) {
      // Others first for a while. Should the member be gone, pings will tell.
      avoidedUntilNanos =
          System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.getReconnectDelayMaxMs());
    }
    unsent.remove(call);
  }

  private void ended(String reason, Ending ending) {
    boolean wasOpen = isOpen();
    connection = null;
    stream = null;
    lastError =
        ending == Ending.UNKNOWN_KIND
            ? "it does not serve clients, its transport has no serveClients"
            : reason;
    if (wasOpen) {
      backoff.lasted(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedAtNanos));
    } else {
      // Else an attempt that was never answered would keep the pool's only place for ever.
      hangUp();
    }
    if (ending != Ending.BROKEN) {
      backoff.refused();
      log.warn("refused " + member, () -> "%s is of no use: %s".formatted(member, lastError));
    }
    notBeforeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.nextPauseMs());
    List<OutgoingCall> lost = new ArrayList<>(sent.values());
    List<OutgoingCall> left = new ArrayList<>(unsent);
    sent.clear();
    unsent.clear();
    for (OutgoingCall call : lost) {
      owner.failed(
          call, lost("the connection to member '%s' was lost: %s", member.nodeId(), lastError));
    }
    owner.closed(left);
  }

  private static Unknown lost(String text, Object... arguments) {
    return new Unknown(Unknown.Reason.FORWARD_LOST, text.formatted(arguments), null);
  }

  private Future<Void> hangUp() {
    Future<Void> closed = client == null ? Future.succeededFuture() : client.close();
    client = null;
    return closed;
  }

  /** Closes the link for good; its calls are the owner's to end. */
  Future<Void> close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
    stream = null;
    return hangUp();
  }

  /** How a client speaks to the member. */
  private final class MemberDialogue implements OutboundCall.Dialogue {
    @Override
    public ServiceMethod<Buffer, Buffer> method() {
      return ClientMethod.CLIENT;
    }

    @Override
    public void introduce(MultiMap headers) {
      // Nothing: each call says which cluster and group it is for.
    }

    @Override
    public String mismatch(MultiMap headers, HttpConnection http2) {
      String mismatch = Handshake.checkResponse(headers, options.getClusterId(), member.nodeId());
      if (mismatch == null && options.isTls()) {
        mismatch =
            PeerCertificate.mismatch(
                http2::peerCertificates, options.getClusterId(), member.nodeId());
      }
      return mismatch == null ? readLimit(headers.get(Handshake.MESSAGE_BYTES_MAX)) : mismatch;
    }

    private String readLimit(String announced) {
      try {
        callBytesMax = Math.min(options.getMessageBytesMax(), Long.parseLong(announced));
        return null;
      } catch (NumberFormatException e) {
        return "it does not say how much it reads (no valid %s)"
            .formatted(Handshake.MESSAGE_BYTES_MAX);
      }
    }

    @Override
    public Ending whenUnknown() {
      return Ending.UNKNOWN_KIND;
    }

    @Override
    public void read(GrpcMessage message) {
      ClientAnswer answer;
      try {
        if (!message.encoding().equals(IDENTITY)) {
          throw new ProtocolException("it is compressed with " + message.encoding());
        }
        answer = ClientCodec.parseAnswer(message.payload().getBytes());
      } catch (ProtocolException e) {
        warn("malformed", "cannot be read: " + e.getMessage());
        return;
      }
      avoidedUntilNanos = System.nanoTime();
      OutgoingCall call = sent.remove(answer.getCallId());
      if (call == null) {
        // Its time was over.
        return;
      }
      try {
        owner.answered(call, ClientCodec.reply(answer));
      } catch (ProtocolException e) {
        owner.failed(
            call,
            lost("the answer of member '%s' makes no sense: %s", member.nodeId(), e.getMessage()));
      }
    }

    @Override
    public void tooLarge() {
      warn(
          "size",
          "is larger than messageBytesMax %d and dropped".formatted(options.getMessageBytesMax()));
    }

    private void warn(String key, String what) {
      log.warn(key + " " + member, () -> "an answer of %s %s".formatted(member, what));
    }
  }
}
