// Small line charts over the last two minutes, drawn as SVG in real pixels.

import { h, s } from './dom.js';
import { bytes, count, roundTrip } from './format.js';
import { SPAN_MS } from './history.js';

const HEIGHT = 96;
const TOP = 8;
const BOTTOM = 18;

const CHARTS = [
  { key: 'rate', title: 'Commits per second', of: (x) => x.commitRate(), word: rate, least: 10 },
  { key: 'bytes', title: 'Bytes in flight', of: (x) => x.series('inFlightBytes'), word: bytes, least: 1024 },
  { key: 'trip', title: 'Slowest round trip', of: (x) => x.series('roundTripMs'), word: roundTrip, least: 2 },
  { key: 'lag', title: 'Largest lag in entries', of: (x) => x.series('lagEntries'), word: count, least: 10 },
];

function rate(value) {
  return Number.isFinite(value) ? count(value) : '–';
}

/** The least "round" number (1, 2, 5 times a power of ten) that is not below the value. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((candidate) => candidate >= value);
}

/** Runs of points without a hole between them. */
function runs(points, gapMs) {
  const found = [];
  let run = [];
  for (const [timeMs, value] of points) {
    const previous = run.at(-1);
    const joins = value !== null && (!previous || timeMs - previous[0] <= gapMs);
    if (!joins && run.length) {
      found.push(run);
      run = [];
    }
    if (value !== null) {
      run.push([timeMs, value]);
    }
  }
  return run.length ? [...found, run] : found;
}

function plot(points, gapMs, nowMs, max, width) {
  const x = (timeMs) => width - ((nowMs - timeMs) / SPAN_MS) * width;
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / max);
  const base = y(0);
  return runs(points.filter(([timeMs]) => nowMs - timeMs <= SPAN_MS), gapMs).map((run) => {
    const line = run.map(([t, v]) => `${x(t).toFixed(1)},${y(v).toFixed(1)}`).join(' ');
    const from = x(run[0][0]).toFixed(1);
    const to = x(run.at(-1)[0]).toFixed(1);
    return [
      s('polygon', { class: 'area', points: `${from},${base} ${line} ${to},${base}` }),
      s('polyline', { class: 'line', points: line }),
    ];
  });
}

function chart(spec, history, nowMs, width) {
  const points = spec.of(history);
  const values = points.map(([, value]) => value).filter((value) => value !== null);
  const current = points.at(-1)?.[1] ?? null;
  const max = roundUp(Math.max(spec.least, ...values));
  const top = spec.word(max);
  const now = current === null ? '–' : spec.word(current);
  const label = `${spec.title}: now ${now}, at most ${
    values.length ? spec.word(Math.max(...values)) : 'not known'} in two minutes`;
  return h('figure', { class: 'chart', 'data-key': spec.key },
    h('figcaption', {}, h('span', { class: 'muted' }, spec.title), h('strong', {}, now)),
    s('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': label },
      s('line', { class: 'axis', x1: 0, x2: width, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }),
      s('line', { class: 'axis faint', x1: 0, x2: width, y1: TOP, y2: TOP }),
      plot(points, history.gapMs, nowMs, max, width),
      s('text', { class: 'tick', x: 0, y: TOP + 11 }, top),
      s('text', { class: 'tick', x: 0, y: HEIGHT - 4 }, '2 min ago'),
      s('text', { class: 'tick', x: width, y: HEIGHT - 4, 'text-anchor': 'end' }, 'now')));
}

/** All charts, each as wide as one column of a body of the given width. */
export function charts(history, nowMs, bodyWidth) {
  const gap = 24;
  const columns = bodyWidth >= 900 ? 4 : bodyWidth >= 480 ? 2 : 1;
  const width = Math.max(120, Math.floor((bodyWidth - gap * (columns - 1)) / columns));
  return CHARTS.map((spec) => chart(spec, history, nowMs, width));
}
