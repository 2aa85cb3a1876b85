// What is known of the past: when frames were recorded, how the group was then, and what happened.

/** Frames of one health, leader and term further apart than this do not join. */
const GAP_MS = 10000;
const EVENTS_MAX = 1000;

/** Index of the last element that is not above the value, -1 if all are. */
export function floorIndex(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

const termOf = (frame) =>
  Math.max(0, ...frame.members.map((member) => member.status?.term ?? 0));

function spanOf(frame) {
  return {
    fromMs: frame.timeMs, toMs: frame.timeMs, health: frame.health, leaderId: frame.leaderId ?? null,
    term: termOf(frame), headline: frame.banner.headline,
  };
}

function joins(last, span) {
  return last && last.health === span.health && (last.leaderId ?? null) === (span.leaderId ?? null)
    && last.term === span.term && span.fromMs - last.toMs <= GAP_MS;
}

function append(spans, span) {
  const last = spans.at(-1);
  if (joins(last, span)) {
    last.toMs = Math.max(last.toMs, span.toMs);
  } else {
    spans.push({ ...span });
  }
}

export class Timeline {
  constructor() {
    /** Times of all known frames, ascending. */
    this.moments = [];
    this.spans = [];
    /** Oldest first. */
    this.events = [];
    this.keepMs = 300000;
  }

  get firstMs() {
    return this.moments[0] ?? null;
  }

  /** Whether nothing will be added: the frames are those of a file. */
  get isComplete() {
    return this.keepMs === Infinity;
  }

  get lastMs() {
    return this.moments.at(-1) ?? null;
  }

  /** Adds the frame that came last. */
  add(frame) {
    if (this.lastMs !== null && frame.timeMs <= this.lastMs) {
      return;
    }
    this.moments.push(frame.timeMs);
    append(this.spans, spanOf(frame));
    this.addEvents(frame.events ?? []);
    this.trim();
  }

  /**
   * Takes over what the server has recorded. What came before and since stays: it may have come from another
   * member, which is gone.
   */
  load(overview) {
    const { firstMs, lastMs, moments = [], spans = [], events = [] } = overview;
    if (Number.isFinite(firstMs) && Number.isFinite(lastMs)) {
      const own = this.spans;
      const known = this.moments;
      this.moments = [
        ...known.filter((timeMs) => timeMs < firstMs), ...moments, ...known.filter((timeMs) => timeMs > lastMs)];
      this.spans = [];
      own.filter((span) => span.fromMs < firstMs)
        .forEach((span) => append(this.spans, { ...span, toMs: Math.min(span.toMs, firstMs) }));
      spans.forEach((span) => append(this.spans, span));
      own.filter((span) => span.toMs > lastMs)
        .forEach((span) => append(this.spans, { ...span, fromMs: Math.max(span.fromMs, lastMs) }));
    }
    this.addEvents(events);
  }

  /** Replaces everything by frames that are all here. */
  replace(frames, events) {
    Object.assign(this, { moments: [], spans: [], events: [] });
    this.keepMs = Infinity;
    frames.forEach((frame) => {
      this.moments.push(frame.timeMs);
      append(this.spans, spanOf(frame));
    });
    this.addEvents(events);
  }

  addEvents(events) {
    const known = new Set(this.events.map((event) => event.sequence));
    const added = events.filter((event) => !known.has(event.sequence));
    if (added.length > 0) {
      this.events = [...this.events, ...added]
        .sort((a, b) => a.sequence - b.sequence).slice(-EVENTS_MAX);
    }
  }

  /** Forgets events of a console that was created anew: it counts from one again. */
  forgetEvents() {
    this.events = [];
  }

  trim() {
    const oldest = this.lastMs - this.keepMs;
    const gone = floorIndex(this.moments, oldest - 1) + 1;
    if (gone > 0) {
      this.moments.splice(0, gone);
      this.spans = this.spans.filter((span) => span.toMs >= oldest);
    }
  }

  /** The newest moment at or before a time, else the oldest; null if there is none. */
  floor(timeMs) {
    return this.moments[Math.max(0, floorIndex(this.moments, timeMs))] ?? null;
  }

  /** The moment some steps further, or null beyond the ends. */
  step(timeMs, steps) {
    return this.moments[floorIndex(this.moments, timeMs) + steps] ?? null;
  }

  /** The nearest time of an event before or after, or null. */
  eventFrom(timeMs, direction) {
    const marks = this.events.map((event) => event.timeMs)
      .filter((mark) => mark >= this.firstMs && mark <= this.lastMs);
    return direction < 0
      ? marks.filter((mark) => this.floorAfter(mark) < timeMs).at(-1) ?? null
      : marks.find((mark) => mark > timeMs) ?? null;
  }

  /** The first moment at or after a time: the one that shows what happened then. */
  floorAfter(timeMs) {
    const at = floorIndex(this.moments, timeMs);
    return this.moments[at] === timeMs ? timeMs : this.moments[at + 1] ?? this.lastMs;
  }

  /** Where the newest trouble before a time began, or null. */
  troubleBefore(timeMs) {
    const spans = this.spans.filter((span) => span.fromMs < timeMs && span.health !== 'HEALTHY');
    return spans.at(-1)?.fromMs ?? null;
  }

  spanAt(timeMs) {
    return this.spans.findLast((span) => span.fromMs <= timeMs) ?? null;
  }

  /** What had happened by then, newest first. */
  eventsUntil(timeMs) {
    return this.events.filter((event) => event.timeMs <= timeMs).reverse();
  }
}
