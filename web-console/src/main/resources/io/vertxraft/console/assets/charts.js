// Small charts of one span of time, side by side. All are SVG in real pixels: a line is one path, so that a
// tick writes few attributes. A group's number has one line, a member's number has one for each member.

import { h, s } from './dom.js';
import { bytes, count, memberKind, milliseconds, roundTrip } from './format.js';
import { commitRate } from './history.js';

export const SPAN_MS = 120000;
const HEIGHT = 92;
const TOP = 8;
const BOTTOM = 17;
/** When looking back, this much of the span lies after the moment. */
const AFTER_MS = 24000;
/** Points closer together than this are drawn as their greatest. */
const BUCKET_PX = 2;

const CHARTS = [
  { key: 'rate', title: 'Commits per second', word: count, least: 10, rate: true },
  { key: 'latency', title: 'Commit p50/p99', word: milliseconds, least: 2, lines: ['p50', 'p99'] },
  { key: 'bytes', title: 'Bytes in flight', word: bytes, least: 1024, lines: ['inFlightBytes'] },
  { key: 'proposals', title: 'Proposals in flight', word: count, least: 10, lines: ['proposals'] },
  { key: 'sync', title: 'Disk sync p99', word: milliseconds, least: 2, member: 'syncMs' },
  { key: 'apply', title: 'Apply p99', word: milliseconds, least: 2, member: 'applyMs' },
  { key: 'depth', title: 'Waiting in queues', word: count, least: 10, member: 'depth' },
  { key: 'write', title: 'Oldest unfinished write', word: milliseconds, least: 10, member: 'writeAgeMs' },
  { key: 'trip', title: 'Round trip', word: roundTrip, least: 2, member: 'roundTripMs' },
  { key: 'lag', title: 'Lag in entries', word: count, least: 10, member: 'lagEntries' },
  { key: 'log', title: 'Size of the log', word: bytes, least: 1024, member: 'logBytes' },
  { key: 'snapshot', title: 'Snapshot size', word: bytes, least: 1024, member: 'snapshotBytes' },
];

/** The least "round" number (1, 2, 5 times a power of ten) that is not below the value. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((candidate) => candidate >= value);
}

/** What span of time is drawn: it ends now, or a little after the moment looked at. */
export function spanOf(nowMs, atMs) {
  const toMs = atMs === null ? nowMs : Math.min(nowMs, atMs + AFTER_MS);
  return { fromMs: toMs - SPAN_MS, toMs };
}

function linesOf(spec, points, members, gapMs) {
  if (spec.rate) {
    return [{ name: '', kind: 'group', values: commitRate(points, gapMs) }];
  }
  if (spec.lines) {
    return spec.lines.map((name, i) => ({
      name, kind: i === 0 ? 'group' : 'group second', values: points.map((point) => point[name]) }));
  }
  return members.map((nodeId, i) => ({
    name: nodeId, kind: memberKind(i),
    values: points.map((point) => point.members[nodeId]?.[spec.member] ?? null) }));
}

/** One path of all runs of known values; of values that share a pixel the greatest is drawn. */
function pathOf(points, values, gapMs, x, y) {
  let path = '';
  let lastMs = -Infinity;
  let bucket = null;
  const flush = () => {
    if (bucket) {
      path += `${bucket.isStart ? 'M' : 'L'}${bucket.x.toFixed(1)} ${y(bucket.value).toFixed(1)}`;
    }
    bucket = null;
  };
  points.forEach((point, i) => {
    const value = values[i];
    if (value === null || value === undefined) {
      return;
    }
    const at = x(point.timeMs);
    const isStart = point.timeMs - lastMs > gapMs;
    lastMs = point.timeMs;
    if (!isStart && bucket && at - bucket.x < BUCKET_PX) {
      bucket.value = Math.max(bucket.value, value);
    } else {
      flush();
      bucket = { x: at, value, isStart };
    }
  });
  flush();
  return path;
}

/** The newest value that is known within the gap before a time. */
function valueAt(points, values, timeMs, gapMs) {
  for (let i = points.length - 1; i >= 0; i -= 1) {
    if (points[i].timeMs <= timeMs) {
      const isNear = timeMs - points[i].timeMs <= gapMs;
      return isNear ? values[i] ?? null : null;
    }
  }
  return null;
}

/** The value a chart's caption tells: of several members the greatest, with its name. */
function current(spec, lines, points, timeMs, gapMs) {
  const told = lines.map((line) => ({ ...line, value: valueAt(points, line.values, timeMs, gapMs) }))
    .filter((line) => line.value !== null);
  if (told.length === 0) {
    return { source: '', text: '–' };
  }
  if (spec.lines?.length === 2) {
    return { source: '', text: told.map((line) => spec.word(line.value)).join(' / ') };
  }
  const most = told.reduce((a, b) => (b.value > a.value ? b : a));
  return { source: spec.member ? most.name : '', text: spec.word(most.value) };
}

function marks(context, x) {
  const line = (timeMs, kind) => s('line', {
    class: kind, x1: x(timeMs).toFixed(1), x2: x(timeMs).toFixed(1), y1: 0, y2: HEIGHT - BOTTOM });
  return [
    context.events.map((event) => line(event.timeMs, 'event-mark')),
    context.atMs !== null && line(context.atMs, 'moment-mark'),
    context.hoverMs !== null && line(context.hoverMs, 'hover-mark'),
  ];
}

function chart(spec, context) {
  const { points, members, gapMs, span, width } = context;
  const lines = linesOf(spec, points, members, gapMs);
  const greatest = lines.reduce((most, line) =>
    line.values.reduce((a, b) => (b > a ? b : a), most), spec.least);
  const max = roundUp(greatest);
  const x = (timeMs) => ((timeMs - span.fromMs) / (span.toMs - span.fromMs)) * width;
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / max);
  const now = current(spec, lines, points, context.toldMs, gapMs);
  const label = `${spec.title}: ${now.source ? `${now.source} ` : ''}${now.text}; scale up to ${spec.word(max)}`;
  return h('figure', { class: 'chart', 'data-key': spec.key },
    h('figcaption', {},
      h('span', { class: 'muted' }, spec.title),
      h('strong', {}, now.source && h('small', { class: 'muted' }, now.source, ' '), now.text)),
    s('svg', {
      viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': label },
    s('line', { class: 'axis', x1: 0, x2: width, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }),
    s('line', { class: 'axis faint', x1: 0, x2: width, y1: TOP, y2: TOP }),
    s('text', { class: 'tick', x: 0, y: TOP + 11 }, spec.word(max)),
    marks(context, x),
    lines.map((line) => s('path', {
      class: `line ${line.kind}`, d: pathOf(points, line.values, gapMs, x, y) })),
    s('text', { class: 'tick', x: 0, y: HEIGHT - 3 }, context.fromWord),
    s('text', { class: 'tick', x: width, y: HEIGHT - 3, 'text-anchor': 'end' }, context.toWord)));
}

/** The pixels a chart gets: as many as the style sheet's columns leave it. */
export function chartWidth(body) {
  const style = getComputedStyle(body);
  const columns = style.gridTemplateColumns.split(' ').length;
  const gaps = parseFloat(style.columnGap) * (columns - 1);
  return Math.max(120, Math.floor((body.clientWidth - gaps) / columns));
}

/**
 * All charts.
 *
 * @param context points, members (ids), gapMs, span, width, events, atMs, hoverMs, toldMs, fromWord, toWord
 */
export function charts(context) {
  return CHARTS.map((spec) => chart(spec, context));
}

/** Which line is whose. */
export function chartKey(members) {
  return h('ul', { class: 'chart-key' }, members.map((nodeId, i) => h('li', { 'data-key': nodeId },
    s('svg', { width: 26, height: 10, viewBox: '0 0 26 10', 'aria-hidden': 'true' },
      s('path', { class: `line ${memberKind(i)}`, d: 'M1 5L25 5' })),
    nodeId)));
}
