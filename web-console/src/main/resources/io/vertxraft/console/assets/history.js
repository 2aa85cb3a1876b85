// The last two minutes of a few numbers, computed from frames in the page.

export const SPAN_MS = 120000;
/** A rate is taken over this long, so that one late report does not make a spike. */
const RATE_MS = 2000;
const GAP_MS = 3000;

export class History {
  constructor() {
    this.points = [];
    /** Points further apart than this are not joined by a line. */
    this.gapMs = GAP_MS;
  }

  add(frame) {
    const last = this.points.at(-1);
    if (last && frame.timeMs <= last.timeMs) {
      return;
    }
    this.gapMs = Math.max(GAP_MS, 4 * frame.sampleIntervalMs);
    const fresh = frame.members.filter((member) => member.fresh);
    const commits = fresh.map((member) => member.status.commitIndex);
    const leader = fresh.find((member) => member.nodeId === frame.leaderId);
    const trips = frame.followers
      .filter((f) => f.roundTripMs >= 0 && f.lastContactAgeMs <= frame.silentAfterMs)
      .map((f) => f.roundTripMs);
    const lags = frame.followers.map((f) => f.lagEntries).filter((lag) => lag >= 0);
    const sent = frame.followers.reduce((sum, f) => sum + f.bytesInFlight, 0);
    this.points.push({
      timeMs: frame.timeMs,
      commitIndex: commits.length ? Math.max(...commits) : null,
      inFlightBytes: leader ? leader.status.proposalBytesInFlight + sent : null,
      roundTripMs: trips.length ? Math.max(...trips) : null,
      lagEntries: lags.length ? Math.max(...lags) : null,
    });
    const oldest = frame.timeMs - SPAN_MS - RATE_MS;
    while (this.points[0].timeMs < oldest) {
      this.points.shift();
    }
  }

  /** [timeMs, value] pairs of a number, null where it was not known. */
  series(name) {
    return this.points.map((point) => [point.timeMs, point[name]]);
  }

  /** Commits per second as [timeMs, value] pairs. */
  commitRate() {
    let from = 0;
    return this.points.map((point, i) => {
      while (from < i - 1 && point.timeMs - this.points[from].timeMs > RATE_MS) {
        from += 1;
      }
      const start = this.points[from];
      const elapsedMs = point.timeMs - start.timeMs;
      const known = start.commitIndex !== null && point.commitIndex !== null;
      if (!known || elapsedMs <= 0 || elapsedMs > this.gapMs + RATE_MS) {
        return [point.timeMs, null];
      }
      const commits = Math.max(0, point.commitIndex - start.commitIndex);
      return [point.timeMs, (commits * 1000) / elapsedMs];
    });
  }
}
