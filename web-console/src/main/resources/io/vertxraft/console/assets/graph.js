// The members as a graph. A link has two directions, each with evidence of its own: that the follower
// hears the leader is known from the follower, that the leader hears the follower from the leader.

import { h, s } from './dom.js';
import { ago, duration, roleOf, roundTrip } from './format.js';

const RADIUS = 25;
const NEXT_TO = 7;

function place(members, width, height) {
  const centre = { x: width / 2, y: height / 2 };
  if (members.length === 1) {
    return [centre];
  }
  const rx = Math.min(width / 2 - 62, 250);
  const ry = height / 2 - 70;
  const start = members.length === 2 ? Math.PI : -Math.PI / 2;
  return members.map((member, i) => {
    const angle = start + (2 * Math.PI * i) / members.length;
    // A triangle's centre is not in the middle of its height.
    const y = members.length === 3 ? Math.sin(angle) * 1.33 + 0.33 : Math.sin(angle);
    return { x: centre.x + rx * Math.cos(angle), y: centre.y + ry * y };
  });
}

/** Both directions between the leader and each other member, as far as somebody reports on them. */
export function links(frame) {
  const leader = frame.members.find((member) => member.nodeId === frame.leaderId);
  if (!leader) {
    return [];
  }
  const state = (ageMs) => (ageMs >= 0 && ageMs <= frame.silentAfterMs ? 'ok' : 'silent');
  return frame.members.filter((member) => member !== leader).flatMap((member) => {
    const there = { from: leader.nodeId, to: member.nodeId, state: 'unknown', label: 'not known' };
    if (member.fresh && member.status.leaderId === leader.nodeId) {
      const ageMs = member.status.leaderContactAgeMs;
      there.state = state(ageMs < 0 ? ageMs : ageMs + member.ageMs);
      there.label = `heard ${ago(ageMs < 0 ? ageMs : ageMs + member.ageMs)}`;
    } else if (member.fresh) {
      there.state = 'silent';
      there.label = 'does not follow';
    }
    const back = { from: member.nodeId, to: leader.nodeId, state: 'unknown', label: 'not known' };
    const seen = frame.followers.find((follower) => follower.nodeId === member.nodeId);
    if (seen) {
      const ageMs = seen.lastContactAgeMs < 0 ? -1 : seen.lastContactAgeMs + seen.ageMs;
      back.state = state(ageMs);
      back.label = back.state === 'ok'
        ? `round trip ${roundTrip(seen.roundTripMs)}`
        : ageMs < 0 ? 'never answered' : `silent for ${duration(ageMs)}`;
    }
    return [there, back];
  });
}

function arrow(link, a, b, withLabel) {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const u = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
  const side = { x: -u.y * NEXT_TO, y: u.x * NEXT_TO };
  const from = { x: a.x + u.x * (RADIUS + 10) + side.x, y: a.y + u.y * (RADIUS + 10) + side.y };
  const to = { x: b.x - u.x * (RADIUS + 10) + side.x, y: b.y - u.y * (RADIUS + 10) + side.y };
  const wing = (sign) =>
    `${(to.x - u.x * 9 - u.y * 4.5 * sign).toFixed(1)},${(to.y - u.y * 9 + u.x * 4.5 * sign).toFixed(1)}`;
  const mid = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  return s('g', { class: `link ${link.state}`, 'data-key': `link ${link.from} ${link.to}` },
    s('title', {}, `${link.from} to ${link.to}: ${link.label}`),
    s('line', { x1: from.x, y1: from.y, x2: to.x - u.x * 7, y2: to.y - u.y * 7 }),
    s('polygon', { points: `${to.x.toFixed(1)},${to.y.toFixed(1)} ${wing(1)} ${wing(-1)}` }),
    link.state === 'silent' && s('path', {
      class: 'cross', d: `M${mid.x - 5} ${mid.y - 5}l10 10m0 -10l-10 10` }),
    withLabel && label(link, mid, side, u));
}

/** Beside the line on its own side; anchored so that the text does not run over the line. */
function label(link, mid, side, u) {
  const flat = Math.abs(u.x) > 0.9;
  const x = mid.x + side.x * (flat ? 1 : 1.6);
  const y = mid.y + side.y * 1.9 + 4;
  const anchor = flat ? 'middle' : side.x > 0 ? 'start' : 'end';
  return s('text', { class: 'link-label', x, y, 'text-anchor': anchor }, link.label);
}

function polygon(sides, radius, turn) {
  return Array.from({ length: sides }, (unused, i) => {
    const angle = turn + (2 * Math.PI * i) / sides;
    return `${(radius * Math.cos(angle)).toFixed(1)},${(radius * Math.sin(angle)).toFixed(1)}`;
  }).join(' ');
}

const SHAPES = {
  leader: () => s('polygon', { class: 'shape', points: polygon(6, RADIUS + 3, 0) }),
  follower: () => s('circle', { class: 'shape', r: RADIUS - 1 }),
  candidate: () => s('polygon', { class: 'shape', points: polygon(4, RADIUS + 5, 0) }),
  pre: () => s('polygon', { class: 'shape', points: polygon(4, RADIUS + 5, 0) }),
  failed: () => s('rect', { class: 'shape', x: -21, y: -21, width: 42, height: 42, rx: 4 }),
  unknown: () => s('circle', { class: 'shape', r: RADIUS - 1 }),
};

/** A member's shape with its letter, also used beside names. */
export function badge(member, size) {
  const role = roleOf(member);
  const stale = member.fresh ? '' : ' stale';
  return s('svg', {
    class: `badge node ${role.kind}${stale}`, viewBox: '-32 -32 64 64', width: size, height: size,
    'aria-hidden': 'true' },
  SHAPES[role.kind](), s('text', { class: 'letter', y: 8 }, role.letter));
}

/** Names stand on the outer side, where no link runs. */
function node(member, at, isOwn, height) {
  const role = roleOf(member);
  const stale = member.fresh ? '' : ' stale';
  const term = member.status ? `term ${member.status.term}` : '';
  const second = member.fresh
    ? `${role.word}, ${term}`
    : `silent for ${duration(member.ageMs)}`;
  const above = at.y < height / 2 - 1;
  const since = member.status && member.fresh
    ? `, since ${duration(member.status.roleSinceMs)}` : '';
  return s('g', {
    class: `node ${role.kind}${stale}`, 'data-key': `node ${member.nodeId}`,
    transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})` },
  s('title', {}, `${member.nodeId}: ${role.word}, ${term}${since}; report ${ago(member.ageMs)}`),
  SHAPES[role.kind](),
  s('text', { class: 'letter', y: 7 }, role.letter),
  s('text', { class: 'name', y: above ? -RADIUS - 25 : RADIUS + 20 },
    member.nodeId + (isOwn ? ' (here)' : '')),
  s('text', { class: 'sub', y: above ? -RADIUS - 10 : RADIUS + 35 }, second));
}

function mesh(spots) {
  return spots.flatMap((a, i) => spots.slice(i + 1).map((b) =>
    s('line', { class: 'mesh', x1: a.x, y1: a.y, x2: b.x, y2: b.y })));
}

/** The graph with a legend. */
export function graph(frame, width) {
  const height = frame.members.length > 3 ? 380 : width < 480 ? 300 : 330;
  const spots = place(frame.members, width, height);
  const at = new Map(frame.members.map((member, i) => [member.nodeId, spots[i]]));
  const all = links(frame);
  // Among many links only the broken ones speak; the others do when pointed at.
  const hasLabel = (link) => width >= 440 && (frame.members.length <= 3 || link.state === 'silent');
  const words = all.map((link) => `${link.from} to ${link.to}: ${link.label}`).join('; ');
  return [
    s('svg', {
      class: 'graph', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img',
      'aria-label': `Members and their links. ${words || 'No leader, so no links are known.'}` },
    all.length === 0 && mesh(spots),
    all.map((link) => arrow(link, at.get(link.from), at.get(link.to), hasLabel(link))),
    frame.members.map((member, i) => node(member, spots[i], member.nodeId === frame.seenFrom, height))),
    h('p', { class: 'legend muted' },
      'Shape and letter give the role: hexagon L leads, circle F follows, diamond C or P campaigns, square X has failed. '
      + 'Each arrow is one direction, as its receiver reports it.'),
  ];
}
