// The event stream: one per tab, closed while the tab is hidden, opened anew when it breaks, goes
// silent, or delivers frames that are late.

import { patched } from './patch.js';

const LATE_MS = 2000;
const SILENT_MS = 6000;
const RETRY_MS = 3000;
/** Frames that arrive this soon after opening may be replayed ones, which are late by nature. */
const REPLAY_MS = 2000;

export class Stream {
  /** onFrame(frame, isSnapshot, epoch) for each frame, onState('live' | 'connecting' | 'paused'). */
  constructor(url, onFrame, onState) {
    this.url = url;
    this.onFrame = onFrame;
    this.onState = onState;
    this.source = null;
    this.lastId = null;
    this.leastSkewMs = Infinity;
    this.lateInARow = 0;
    this.retryTimer = 0;
    this.silentMs = SILENT_MS;
    /** The newest complete frame: patches are based on it. */
    this.frame = null;
    this.isStopped = false;
  }

  start() {
    document.addEventListener('visibilitychange', () => this.visibilityChanged());
    setInterval(() => this.checkSilence(), 1000);
    this.visibilityChanged();
  }

  /** For good. */
  stop() {
    this.isStopped = true;
    this.close();
  }

  visibilityChanged() {
    if (this.isStopped) {
      return;
    }
    if (document.hidden) {
      this.close();
      this.onState('paused');
    } else if (!this.source) {
      this.open();
    }
  }

  open() {
    this.close();
    this.onState('connecting');
    const resume = this.lastId ? `&lastEventId=${encodeURIComponent(this.lastId)}` : '';
    const source = new EventSource(`${this.url}?patches=1${resume}`);
    this.source = source;
    this.openedAt = performance.now();
    this.heardAt = this.openedAt;
    source.addEventListener('frame', (event) => this.received(event, false));
    source.addEventListener('patch', (event) => this.received(event, false));
    source.addEventListener('snapshot', (event) => this.received(event, true));
    source.addEventListener('open', () => { this.openedAt = performance.now(); });
    source.addEventListener('error', () => this.failed(source));
  }

  close() {
    clearTimeout(this.retryTimer);
    this.source?.close();
    this.source = null;
  }

  /** The browser retries a broken connection itself, but gives up on an answer such as 503. */
  failed(source) {
    if (source !== this.source) {
      return;
    }
    this.onState('connecting');
    if (source.readyState === EventSource.CLOSED) {
      this.close();
      this.retryTimer = setTimeout(() => this.open(), RETRY_MS * (1 + Math.random()));
    }
  }

  received(event, isSnapshot) {
    this.heardAt = performance.now();
    this.lastId = event.lastEventId;
    const frame = this.complete(event);
    if (!frame) {
      return;
    }
    this.silentMs = Math.max(SILENT_MS, 4 * frame.sampleIntervalMs);
    this.onFrame(frame, isSnapshot, this.lastId.split('-')[0]);
    if (this.isLate(frame.timeMs)) {
      this.lastId = null;
      this.open();
    } else {
      this.onState('live');
    }
  }

  /** The frame an event carries; null if it changes one that is not here, then all is asked for anew. */
  complete(event) {
    const data = JSON.parse(event.data);
    if (event.type !== 'patch') {
      this.frame = data;
    } else if (this.frame) {
      // Events are those since the frame before, and absent if there are none.
      this.frame = patched({ ...this.frame, events: [] }, data);
    } else {
      this.lastId = null;
      this.open();
      return null;
    }
    return this.frame;
  }

  /** Compares the progress of the server's clock with ours; their difference itself says nothing. */
  isLate(serverTimeMs) {
    const skewMs = Date.now() - serverTimeMs;
    const late = skewMs - this.leastSkewMs > LATE_MS;
    this.leastSkewMs = Math.min(this.leastSkewMs, skewMs);
    if (!late || performance.now() - this.openedAt < REPLAY_MS) {
      this.lateInARow = late ? this.lateInARow : 0;
      return false;
    }
    this.lateInARow += 1;
    if (this.lateInARow >= 3) {
      // Opening anew did not help, so a clock was set: measure afresh.
      this.leastSkewMs = skewMs;
      this.lateInARow = 0;
    }
    return true;
  }

  checkSilence() {
    if (this.source && !this.isStopped && performance.now() - this.heardAt > this.silentMs) {
      this.open();
    }
  }
}
