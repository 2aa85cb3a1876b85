// The bar at the foot of the page: how the group was, what happened, and the moment that is shown.

import { s, show } from './dom.js';
import { duration, moment } from './format.js';
import { eventWords } from './eventlog.js';

const HEIGHT = 30;
const BASE = 26;
/** Half the slider's thumb: a range does not reach the edges of its box. */
const INSET = 8;
const SPAN_LEAST_MS = 30000;
const MARKS_MAX = 200;

/** Worse is higher and darker, so that colour is not alone. */
const BANDS = { HEALTHY: ['ok', 5], DEGRADED: ['warn', 10], NO_LEADER: ['bad', 16] };

export class TimeBar {
  constructor(travel, elements) {
    this.travel = travel;
    this.elements = elements;
    this.isHeld = false;
    const { slider } = elements;
    slider.addEventListener('input', () => this.slid());
    slider.addEventListener('keydown', (event) => this.keyed(event));
    slider.addEventListener('pointerdown', () => { this.isHeld = true; });
    addEventListener('pointerup', () => { this.isHeld = false; });
    addEventListener('pointercancel', () => { this.isHeld = false; });
  }

  get timeline() {
    return this.travel.timeline;
  }

  range() {
    const toMs = this.timeline.lastMs ?? 0;
    const firstMs = this.timeline.firstMs ?? 0;
    return { fromMs: this.timeline.isComplete ? firstMs : Math.min(firstMs, toMs - SPAN_LEAST_MS), toMs };
  }

  slid() {
    const { slider } = this.elements;
    if (Number(slider.value) >= Number(slider.max) && !this.timeline.isComplete) {
      this.travel.live();
    } else {
      this.travel.go(Number(slider.value));
    }
  }

  /** A range's own keys would move by a millisecond. */
  keyed(event) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20 };
    const step = steps[event.key];
    if (step && !event.shiftKey) {
      this.travel.step(step);
    } else if (event.key === 'Home') {
      this.travel.first();
    } else if (event.key === 'End') {
      this.travel.live();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  draw() {
    const { track, slider, live, told } = this.elements;
    const { fromMs, toMs } = this.range();
    const width = Math.max(60, track.parentElement.clientWidth);
    const isKnown = this.timeline.lastMs !== null;
    slider.disabled = !isKnown;
    if (isKnown) {
      slider.min = fromMs;
      slider.max = toMs;
      if (!this.isHeld) {
        slider.value = this.travel.positionMs;
      }
      slider.setAttribute('aria-valuetext', this.words());
    }
    live.setAttribute('aria-pressed', String(this.travel.isLive));
    live.hidden = this.timeline.isComplete;
    told.textContent = this.told();
    track.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    track.setAttribute('width', width);
    show(track, this.band(fromMs, toMs, width), this.marks(fromMs, toMs, width));
  }

  told() {
    if (this.timeline.lastMs === null) {
      return '–';
    }
    if (this.travel.isLive) {
      return moment(this.timeline.lastMs);
    }
    const behindMs = this.timeline.lastMs - this.travel.atMs;
    return `${moment(this.travel.atMs)} · −${duration(Math.max(0, behindMs))}`;
  }

  words() {
    const span = this.timeline.spanAt(this.travel.positionMs);
    return `${moment(this.travel.positionMs)}${this.travel.isLive ? ', live' : ''}: ${span?.headline ?? 'not known'}`;
  }

  band(fromMs, toMs, width) {
    const x = this.scale(fromMs, toMs, width);
    return this.timeline.spans.map((span, i) => {
      const next = this.timeline.spans[i + 1];
      // Between two frames nothing else is known: the earlier state holds until the next frame.
      const endMs = next && next.fromMs - span.toMs < 10000 ? next.fromMs : span.toMs;
      const [kind, height] = BANDS[span.health] ?? BANDS.DEGRADED;
      const start = x(Math.max(fromMs, span.fromMs));
      return s('rect', {
        class: `band ${kind}`, 'data-key': `b${span.fromMs}`, x: start.toFixed(1), y: BASE - height,
        width: Math.max(1, x(endMs) - start).toFixed(1), height });
    });
  }

  marks(fromMs, toMs, width) {
    const x = this.scale(fromMs, toMs, width);
    return this.timeline.events.filter((event) => event.timeMs >= fromMs && event.timeMs <= toMs)
      .slice(-MARKS_MAX)
      .map((event) => {
        const { kind, text } = eventWords(event);
        return s('rect', {
          class: `tick-mark ${kind}`, 'data-key': `e${event.sequence}`, x: (x(event.timeMs) - 1).toFixed(1),
          y: 1, width: 2, height: 7 }, s('title', {}, `${moment(event.timeMs)}: ${text}`));
      });
  }

  scale(fromMs, toMs, width) {
    const usable = width - 2 * INSET;
    return (timeMs) => INSET + ((timeMs - fromMs) / Math.max(1, toMs - fromMs)) * usable;
  }
}
