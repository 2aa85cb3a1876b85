package io.vertxraft.grpc;

import io.vertx.core.json.JsonObject;
import io.vertxraft.peer.OptionChecks;

/**
 * How much clients that are no members may ask of a member at once. All of them together can make
 * it hold {@link #getStreamsMax()} times {@link #getBytesInFlightMax()}, and as often {@link
 * GrpcTransportOptions#getStreamWindowBytes()} that it has not read.
 */
public class ClientLimits {
  /** Default {@link #getStreamsMax()}: {@value}. */
  public static final int DEFAULT_STREAMS_MAX = 1_000;

  /** Default {@link #getCallsInFlightMax()}: {@value}. */
  public static final int DEFAULT_CALLS_IN_FLIGHT_MAX = 1_024;

  /** Default {@link #getBytesInFlightMax()}: {@value}. */
  public static final long DEFAULT_BYTES_IN_FLIGHT_MAX = 16L * 1024 * 1024;

  private int streamsMax = DEFAULT_STREAMS_MAX;
  private int callsInFlightMax = DEFAULT_CALLS_IN_FLIGHT_MAX;
  private long bytesInFlightMax = DEFAULT_BYTES_IN_FLIGHT_MAX;

  /** Limits with all defaults. */
  public ClientLimits() {}

  /** Copies limits. */
  public ClientLimits(ClientLimits other) {
    this(other.toJson());
  }

  /** Reads limits from JSON; absent properties keep their defaults. */
  public ClientLimits(JsonObject json) {
    streamsMax = json.getInteger("streamsMax", streamsMax);
    callsInFlightMax = json.getInteger("callsInFlightMax", callsInFlightMax);
    bytesInFlightMax = json.getLong("bytesInFlightMax", bytesInFlightMax);
  }

  /** The JSON form that {@link #ClientLimits(JsonObject)} reads. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("streamsMax", streamsMax)
        .put("callsInFlightMax", callsInFlightMax)
        .put("bytesInFlightMax", bytesInFlightMax);
  }

  void validate() {
    OptionChecks.within("clientLimits.streamsMax", streamsMax, 1, 1_000_000);
    OptionChecks.within("clientLimits.callsInFlightMax", callsInFlightMax, 1, 1_000_000);
    OptionChecks.within("clientLimits.bytesInFlightMax", bytesInFlightMax, 1, Long.MAX_VALUE / 2);
  }

  /** Streams of clients that may be open at once; what comes then is refused. */
  public int getStreamsMax() {
    return streamsMax;
  }

  /** Sets {@link #getStreamsMax()}. */
  public ClientLimits setStreamsMax(int streamsMax) {
    this.streamsMax = streamsMax;
    return this;
  }

  /**
   * Calls of a stream that may be under way, until their answers have been sent; while there are so
   * many, no more are read, and the client is held up.
   */
  public int getCallsInFlightMax() {
    return callsInFlightMax;
  }

  /** Sets {@link #getCallsInFlightMax()}. */
  public ClientLimits setCallsInFlightMax(int callsInFlightMax) {
    this.callsInFlightMax = callsInFlightMax;
    return this;
  }

  /**
   * Bytes of a stream's calls that are under way, and of answers that have not been sent. While
   * there are so many, no more calls are read, so that one call, and the answers to those that were
   * read, may exceed it.
   */
  public long getBytesInFlightMax() {
    return bytesInFlightMax;
  }

  /** Sets {@link #getBytesInFlightMax()}. */
  public ClientLimits setBytesInFlightMax(long bytesInFlightMax) {
    this.bytesInFlightMax = bytesInFlightMax;
    return this;
  }

  /** All limits. */
  @Override
  public String toString() {
    return toJson().encode();
  }
}
