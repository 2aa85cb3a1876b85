// Frames: those that came while the page was open, those the member has recorded, or those of a bundle.

import { get } from './api.js';

/** Kept here so that one can look back even when the member is gone. */
const FRAMES_MAX = 600;
const CHART_FRAMES_MAX = 300;
const CHART_SPAN_MS = 120000;

export class Recording {
  constructor(timeline, history) {
    this.timeline = timeline;
    this.history = history;
    this.frames = new Map();
    /** Whether the member records frames too. */
    this.hasServer = false;
    this.askedSpans = new Set();
  }

  add(frame) {
    this.timeline.add(frame);
    this.history.add(frame);
    this.frames.set(frame.timeMs, frame);
    if (this.frames.size > FRAMES_MAX) {
      this.frames.delete(this.frames.keys().next().value);
    }
  }

  /** Takes what the member has recorded before the page was opened, or while it was hidden. */
  async load(keepMs) {
    this.timeline.keepMs = keepMs;
    this.history.keepMs = keepMs;
    const overview = await get('history');
    // Meanwhile a bundle may have been opened.
    if (this.hasServer) {
      this.timeline.load(overview);
      const lastMs = overview.lastMs ?? 0;
      await this.fill(lastMs - CHART_SPAN_MS, lastMs);
    }
  }

  /** Asks for the frames of a span once, for the charts. */
  async fill(fromMs, toMs) {
    const key = `${Math.floor(fromMs / 30000)} ${Math.floor(toMs / 30000)}`;
    if (this.hasServer && !this.askedSpans.has(key)) {
      this.askedSpans.add(key);
      const { frames } = await get('history/frames', {
        fromMs: Math.floor(fromMs), toMs: Math.ceil(toMs), max: CHART_FRAMES_MAX });
      if (this.hasServer) {
        this.history.addAll(frames);
      }
    }
  }

  /** The frame of a moment. */
  async frameAt(timeMs) {
    const kept = this.frames.get(timeMs);
    if (kept) {
      return kept;
    }
    if (!this.hasServer) {
      throw new Error('no frame of that moment is kept here');
    }
    const { frame } = await get('history', { at: timeMs });
    return frame;
  }

  /** Replaces everything by a bundle. */
  open(bundle) {
    this.hasServer = false;
    this.timeline.replace(bundle.frames, bundle.events);
    this.history.clear(Infinity);
    this.history.addAll(bundle.frames);
    this.frames = new Map(bundle.frames.map((frame) => [frame.timeMs, frame]));
  }
}
