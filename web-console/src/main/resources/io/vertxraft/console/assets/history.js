// A few numbers of each frame, over time: what the charts draw.

/** A rate is taken over this long, so that one late report does not make a spike. */
const RATE_MS = 2000;
const GAP_MS = 3000;

const micros = (value) => (Number.isFinite(value) ? value / 1000 : null);
const known = (value) => (Number.isFinite(value) && value >= 0 ? value : null);

function stageOf(status, name) {
  return (status.stages ?? []).find((stage) => stage.stage === name);
}

/** A stage's latency, null while it has done nothing of late. */
function latency(status, name, percentile) {
  return micros(stageOf(status, name)?.latency?.[percentile]);
}

function depth(status) {
  const stages = status.stages ?? [];
  return stages.length ? stages.reduce((sum, stage) => sum + stage.depth, 0) : null;
}

function memberPoint(frame, { status, nodeId }) {
  const follower = frame.followers.find((known) => known.nodeId === nodeId);
  const hasContact = follower && follower.lastContactAgeMs <= frame.silentAfterMs;
  return {
    commitIndex: status.commitIndex,
    syncMs: latency(status, 'LOG', 'p99Micros'),
    applyMs: latency(status, 'STATE_MACHINE', 'p99Micros'),
    depth: depth(status),
    writeAgeMs: known(status.oldestWriteAgeMs),
    logBytes: known(status.snapshots?.logBytes),
    snapshotBytes: known(status.snapshots?.bytes),
    lagEntries: follower ? known(follower.lagEntries) : null,
    roundTripMs: hasContact ? known(follower.roundTripMs) : null,
  };
}

function pointOf(frame) {
  const fresh = frame.members.filter((member) => member.fresh && member.status);
  const leader = fresh.find((member) => member.nodeId === frame.leaderId)?.status;
  const sentBytes = frame.followers.reduce((sum, follower) => sum + follower.bytesInFlight, 0);
  const commits = fresh.map((member) => member.status.commitIndex);
  return {
    timeMs: frame.timeMs,
    leaderId: frame.leaderId ?? null,
    commitIndex: commits.length ? Math.max(...commits) : null,
    p50: leader ? latency(leader, 'NODE', 'p50Micros') : null,
    p99: leader ? latency(leader, 'NODE', 'p99Micros') : null,
    inFlightBytes: leader ? leader.proposalBytesInFlight + sentBytes : null,
    proposals: leader ? leader.proposalsInFlight : null,
    members: Object.fromEntries(fresh.map((member) => [member.nodeId, memberPoint(frame, member)])),
  };
}

export class History {
  constructor() {
    this.points = [];
    /** Points further apart than this are not joined by a line. */
    this.gapMs = GAP_MS;
    this.keepMs = 300000;
  }

  add(frame) {
    this.addAll([frame]);
  }

  /** Frames in any order; those of times that are known already are left out. */
  addAll(frames) {
    const times = new Set(this.points.map((point) => point.timeMs));
    const added = frames.filter((frame) => !times.has(frame.timeMs)).map(pointOf);
    if (added.length === 0) {
      return;
    }
    this.gapMs = Math.max(GAP_MS, 4 * (frames.at(-1).sampleIntervalMs ?? 0), this.gapMs);
    const isNewest = added.length === 1 && added[0].timeMs > (this.points.at(-1)?.timeMs ?? 0);
    this.points.push(...added);
    if (!isNewest) {
      this.points.sort((a, b) => a.timeMs - b.timeMs);
    }
    const oldest = this.points.at(-1).timeMs - this.keepMs;
    const first = this.points.findIndex((point) => point.timeMs >= oldest);
    this.points.splice(0, first);
  }

  clear(keepMs) {
    this.points = [];
    this.keepMs = keepMs;
  }

  /** Points of a span of time. */
  between(fromMs, toMs) {
    return this.points.filter((point) => point.timeMs >= fromMs && point.timeMs <= toMs);
  }
}

/** Commits per second at each point, null where not known. */
export function commitRate(points, gapMs) {
  let from = 0;
  return points.map((point, i) => {
    while (from < i - 1 && point.timeMs - points[from].timeMs > RATE_MS) {
      from += 1;
    }
    const start = points[from];
    const elapsedMs = point.timeMs - start.timeMs;
    const isKnown = start.commitIndex !== null && point.commitIndex !== null;
    if (!isKnown || elapsedMs <= 0 || elapsedMs > gapMs + RATE_MS) {
      return null;
    }
    return (Math.max(0, point.commitIndex - start.commitIndex) * 1000) / elapsedMs;
  });
}
