// Which moment is shown. The page's address carries it: #at=1785000031000 is a moment, none is live.

const PREFIX = '#at=';

/** The moment that an address names, or null. */
export function momentOf(hash) {
  const text = hash.startsWith(PREFIX) ? hash.slice(PREFIX.length) : '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

export class Travel {
  /**
   * @param timeline what moments there are
   * @param frameAt gives the frame of a moment
   * @param changed called when another moment is shown
   */
  constructor(timeline, frameAt, changed) {
    this.timeline = timeline;
    this.frameAt = frameAt;
    this.changed = changed;
    /** The moment looked at, null for live. */
    this.atMs = null;
    this.frame = null;
    this.problem = null;
    this.isBusy = false;
    this.wantedMs = null;
  }

  get isLive() {
    return this.atMs === null;
  }

  /** Where one is on the time scale. */
  get positionMs() {
    return this.atMs ?? this.timeline.lastMs;
  }

  start() {
    addEventListener('hashchange', () => this.readAddress());
    this.readAddress();
  }

  readAddress() {
    const atMs = momentOf(location.hash);
    if (atMs === null) {
      this.live();
    } else if (atMs !== this.atMs) {
      this.go(atMs);
    }
  }

  /** To what happens now; in a file, to its last moment. */
  live() {
    if (this.timeline.isComplete) {
      this.go(this.timeline.lastMs);
    } else if (!this.isLive) {
      this.atMs = null;
      this.wantedMs = null;
      this.frame = null;
      this.problem = null;
      history.replaceState(null, '', location.pathname + location.search);
      this.changed();
    }
  }

  /** Shows the newest frame at or before a time. While one is fetched, only the last wish counts. */
  async go(timeMs) {
    const atMs = this.timeline.floor(timeMs) ?? timeMs;
    this.atMs = atMs;
    history.replaceState(null, '', PREFIX + atMs);
    this.wantedMs = atMs;
    this.changed();
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    while (this.wantedMs !== null) {
      const next = this.wantedMs;
      this.wantedMs = null;
      await this.fetch(next);
    }
    this.isBusy = false;
  }

  async fetch(timeMs) {
    try {
      const frame = await this.frameAt(timeMs);
      if (!this.isLive && this.wantedMs === null) {
        this.frame = frame;
        this.problem = null;
      }
    } catch (problem) {
      this.problem = problem.message;
    }
    this.changed();
  }

  step(steps) {
    const next = this.timeline.step(this.positionMs, steps);
    if (next !== null) {
      this.go(next);
    } else if (steps > 0) {
      this.live();
    }
  }

  stepEvent(direction) {
    const mark = this.timeline.eventFrom(this.positionMs, direction);
    if (mark !== null) {
      this.go(this.timeline.floorAfter(mark));
    }
  }

  first() {
    if (this.timeline.firstMs !== null) {
      this.go(this.timeline.firstMs);
    }
  }

  trouble() {
    const fromMs = this.timeline.troubleBefore(this.positionMs)
      ?? this.timeline.troubleBefore(Infinity);
    if (fromMs !== null) {
      this.go(fromMs);
    }
  }
}
