// One ruler per member on a common scale: the upper lane shows what is applied, committed and not
// committed, the lower lane what is durable. A slow state machine and a slow disk look different.

import { h, s } from './dom.js';
import { ago, count, duration, roleOf } from './format.js';
import { badge } from './graph.js';
import { snapshotLines } from './snapshots.js';

const LEAST_ENTRIES = 128;
/** A gap above this is a finding on the server too. */
const MUCH = 1000;
/** As on the server: an unfinished write this old is worth a word. */
const STALL_MS = 1000;

/** The newest entries of the log, enough of them to show where members differ; a power of two. */
function scale(members) {
  const reports = members.filter((member) => member.status).map((member) => member.status);
  const last = Math.max(0, ...reports.map((r) => r.lastIndex));
  const least = Math.min(last, ...reports.map((r) =>
    Math.min(r.appliedIndex, r.durableIndex, r.commitIndex, r.lastIndex)));
  let entries = LEAST_ENTRIES;
  while (entries < (last - least) * 1.25) {
    entries *= 2;
  }
  return { from: last - entries, entries };
}

function lanes(status, { from, entries }) {
  const x = (index) => Math.max(0, Math.min(100, ((index - from) / entries) * 100));
  const bar = (kind, y, height, start, end) => s('rect', {
    class: kind, x: x(start), y, height, width: Math.max(0, x(end) - x(start)) });
  const first = status.firstIndex - 1;
  const snapshot = status.snapshots?.lastIndex ?? 0;
  return [
    bar('lane', 0, 14, from, from + entries),
    bar('lane', 18, 6, from, from + entries),
    bar('tail', 0, 14, status.commitIndex, status.lastIndex),
    bar('committed', 0, 14, status.appliedIndex, status.commitIndex),
    bar('applied', 0, 14, first, status.appliedIndex),
    bar('unsynced', 18, 6, status.durableIndex, status.lastIndex),
    bar('durable', 18, 6, first, status.durableIndex),
    snapshot >= from && snapshot > 0 && s('rect', {
      class: 'mark', x: Math.min(99.6, x(snapshot)), y: 0, height: 24, width: 0.4 }),
  ];
}

function numbers(status) {
  const toApply = status.commitIndex - status.appliedIndex;
  const toSync = status.lastIndex - status.durableIndex;
  const item = (kind, name, value, gap) => h('div', {},
    h('dt', {}, kind && h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), name),
    h('dd', {}, count(value), gap > 0 && h('span', { class: gap > MUCH ? 'gap much' : 'gap' }, ` (${count(gap)} behind)`)));
  return h('dl', { class: 'indices' },
    item('', 'first', status.firstIndex, 0),
    item('mark', 'snapshot', status.snapshots?.lastIndex || NaN, 0),
    item('applied', 'applied', status.appliedIndex, toApply),
    item('committed', 'commit', status.commitIndex, 0),
    item('durable', 'durable', status.durableIndex, toSync),
    item('tail', 'last', status.lastIndex, 0));
}

/** Troubles of its own, each with what it says of them. */
export function troubles(status) {
  return [
    status.failure,
    status.damage && `Damaged: ${status.damage}`,
    status.storageShortage && `Short of room: ${status.storageShortage}`,
    status.recovering && (status.snapshots?.activity === 'LOADING'
      ? 'Recovering: refuses reads until its state machine has loaded a snapshot'
      : 'Recovering: refuses reads until it has applied again what its log held'),
    status.oldestWriteAgeMs >= STALL_MS && `A write has not finished for ${duration(status.oldestWriteAgeMs)}`,
    status.transferTarget && `Hands its leadership over to ${status.transferTarget}`,
  ].filter(Boolean);
}

function facts(member) {
  const { status } = member;
  const text = [
    `${roleOf(member).word} since ${duration(status.roleSinceMs)}${status.roleCause ? ` (${status.roleCause})` : ''}`,
    `term ${status.term}`,
    status.votedFor ? `voted for ${status.votedFor}` : 'has not voted',
    `${count(status.commandsApplied)} commands applied`,
  ];
  return text.filter(Boolean).join(' · ');
}

function ruler(member, range) {
  const { status } = member;
  const address = member.host ? `${member.host}:${member.port}` : '';
  const age = member.fresh ? `reported ${ago(member.ageMs)}` : `no report for ${duration(member.ageMs)}`;
  return h('article', { class: `ruler${member.fresh ? '' : ' stale'}`, 'data-key': member.nodeId },
    h('header', {},
      badge(member, 30),
      h('h3', {}, h('button', {
        class: 'link', type: 'button', 'data-act': 'member', 'data-member': member.nodeId, 'aria-haspopup': 'dialog' },
      member.nodeId)),
      h('span', { class: 'muted address' }, address),
      h('span', { class: 'muted age' }, age)),
    status && h('p', { class: 'muted facts' }, facts(member)),
    status && troubles(status).map((text) => h('p', { class: 'problem' }, text)),
    member.error && h('p', { class: 'problem' }, `Not reachable from here: ${member.error}`),
    status && s('svg', {
      class: 'lanes', viewBox: '0 0 100 24', preserveAspectRatio: 'none', height: 24, role: 'img',
      'aria-label': `Applied ${status.appliedIndex}, commit ${status.commitIndex}, durable `
        + `${status.durableIndex}, last ${status.lastIndex}, snapshot ${status.snapshots?.lastIndex || 'none'}` },
    lanes(status, range)),
    status && numbers(status),
    status && snapshotLines(member));
}

/** All rulers and what their scale is. */
export function rulers(frame) {
  const range = scale(frame.members);
  return [
    h('div', { class: 'rulers' }, frame.members.map((member) => ruler(member, range))),
    h('p', { class: 'legend muted' },
      `Each ruler shows the newest ${count(range.entries)} entries, on one scale. Upper lane: applied, `
      + 'committed, not yet committed. Lower lane: durable, not yet durable. The thin mark is the newest snapshot. '
      + "A member's name opens its own report."),
  ];
}
