// The members as a graph. A link has two directions, each told by its receiver: a cut one way is seen.

import { h, s } from './dom.js';
import { ago, duration, leaseWords, roleOf, roundTrip } from './format.js';
import { activityWords } from './snapshots.js';

const RADIUS = 25;
const NEXT_TO = 7;
const LINE = 15;
/** As on the server: an unfinished write this old is worth a word. */
const STALL_MS = 1000;

function place(members, width, height) {
  const centre = { x: width / 2, y: height / 2 };
  if (members.length === 1) {
    return [centre];
  }
  const rx = Math.min(width / 2 - 62, 250);
  const ry = height / 2 - 82;
  const start = members.length === 2 ? Math.PI : -Math.PI / 2;
  return members.map((member, i) => {
    const angle = start + (2 * Math.PI * i) / members.length;
    // A triangle's centre is not in the middle of its height.
    const y = members.length === 3 ? Math.sin(angle) * 1.33 + 0.33 : Math.sin(angle);
    return { x: centre.x + rx * Math.cos(angle), y: centre.y + ry * y };
  });
}

/** How long ago `member` heard `other` last: -1 for never, null if it does not say. */
function heardAgeMs(member, other) {
  const contact = member.fresh
    && (member.status.contacts ?? []).find((known) => known.nodeId === other.nodeId);
  if (!contact) {
    return null;
  }
  return contact.heardAgeMs < 0 ? -1 : contact.heardAgeMs + member.ageMs;
}

/** One direction, as its receiver reports it. */
function direction(frame, from, to) {
  const ageMs = heardAgeMs(to, from);
  const link = { from: from.nodeId, to: to.nodeId, state: 'unknown', label: 'not known' };
  if (ageMs !== null) {
    link.state = ageMs >= 0 && ageMs <= frame.silentAfterMs ? 'ok' : 'silent';
    link.label = link.state === 'ok'
      ? `heard ${ago(ageMs)}`
      : ageMs < 0 ? 'never heard' : `silent for ${duration(ageMs)}`;
  }
  const seen = to.nodeId === frame.leaderId && link.state === 'ok'
    && frame.followers.find((follower) => follower.nodeId === from.nodeId);
  if (seen && seen.roundTripMs >= 0) {
    link.label = `round trip ${roundTrip(seen.roundTripMs)}`;
  }
  return link;
}

/**
 * Pairs of directions that somebody reports on: those of the leader, or of the member that collects the
 * reports if there is none, and those on which something was heard of late. Two followers have nothing to
 * say to each other, and their silence means nothing.
 */
export function links(frame) {
  const pairs = [];
  frame.members.forEach((a, i) => frame.members.slice(i + 1).forEach((b) => {
    const pair = [direction(frame, a, b), direction(frame, b, a)];
    const isLeaders = [a.nodeId, b.nodeId].includes(frame.leaderId ?? frame.seenFrom);
    if (isLeaders || pair.some((link) => link.state === 'ok')) {
      pairs.push(pair);
    }
  }));
  return pairs;
}

function arrow(link, a, b) {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const u = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
  const side = { x: -u.y * NEXT_TO, y: u.x * NEXT_TO };
  const from = { x: a.x + u.x * (RADIUS + 15) + side.x, y: a.y + u.y * (RADIUS + 15) + side.y };
  const to = { x: b.x - u.x * (RADIUS + 15) + side.x, y: b.y - u.y * (RADIUS + 15) + side.y };
  const wing = (sign) =>
    `${(to.x - u.x * 9 - u.y * 4.5 * sign).toFixed(1)},${(to.y - u.y * 9 + u.x * 4.5 * sign).toFixed(1)}`;
  const mid = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  return s('g', { class: `link ${link.state}`, 'data-key': `link ${link.from} ${link.to}` },
    s('title', {}, `${link.from} to ${link.to}: ${link.label}`),
    s('line', { x1: from.x, y1: from.y, x2: to.x - u.x * 7, y2: to.y - u.y * 7 }),
    s('polygon', { points: `${to.x.toFixed(1)},${to.y.toFixed(1)} ${wing(1)} ${wing(-1)}` }),
    link.state === 'silent' && s('path', {
      class: 'cross', d: `M${mid.x - 5} ${mid.y - 5}l10 10m0 -10l-10 10` }));
}

/** What a pair's receivers say, on the outer side, where no other link runs. */
function labels(pair, a, b, centre, isWorded) {
  const shown = pair.filter(isWorded);
  const mid = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const out = { x: mid.x - centre.x, y: mid.y - centre.y };
  const length = Math.hypot(out.x, out.y);
  const u = length < 1 ? { x: 0, y: 1 } : { x: out.x / length, y: out.y / length };
  const isFlat = Math.abs(u.x) < 0.3;
  // Along a slanting link the lines of text above or below the middle come closer to it.
  const slant = Math.abs((b.x - a.x) / ((b.y - a.y) || 1)) * (LINE * shown.length) / 2;
  const x = mid.x + u.x * (NEXT_TO + 6) + (isFlat ? 0 : Math.sign(u.x) * (slant + 4));
  const first = isFlat
    ? mid.y + (u.y < 0 ? -NEXT_TO - 10 - LINE * (shown.length - 1) : NEXT_TO + 18)
    : mid.y + u.y * (NEXT_TO + 9) + 4 - (LINE * (shown.length - 1)) / 2;
  const anchor = isFlat ? 'middle' : u.x > 0 ? 'start' : 'end';
  return shown.map((link, i) => s('text', {
    class: `link-label ${link.state}`, x, y: first + i * LINE, 'text-anchor': anchor },
  `${link.from} → ${link.to}: ${link.label}`));
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

/** What matters most about a member besides its role, in a few words. */
function condition(member) {
  const { status } = member;
  if (!member.fresh || status.state !== 'RUNNING') {
    return null;
  }
  if (status.damage) {
    return ['damaged', true];
  }
  if (status.storageShortage) {
    return ['disk short of room', true];
  }
  if (status.oldestWriteAgeMs >= STALL_MS) {
    return [`write stalls ${duration(status.oldestWriteAgeMs)}`, true];
  }
  const activity = activityWords(status.snapshots);
  if (activity && status.snapshots.activity !== 'SAVING') {
    return [activity, true];
  }
  if (status.recovering) {
    return ['recovering', true];
  }
  if (status.transferTarget) {
    return [`hands over to ${status.transferTarget}`, true];
  }
  return status.role === 'LEADER' ? [leaseWords(status.leaderLease), false] : null;
}

/** The longest time left that each member has told: its timer's full circle. */
const longest = new Map();

/** What runs out, as an arc: a leader's lease, or the time until a follower campaigns. */
function timer(member) {
  const { status } = member;
  if (!member.fresh || status.state !== 'RUNNING') {
    return null;
  }
  const isLeader = status.role === 'LEADER';
  const leftMs = isLeader ? (status.leaderLease?.remainingMicros ?? 0) / 1000 : status.electionDueMs;
  if (leftMs < 0 || (isLeader && status.leaderLease?.state !== 'VALID')) {
    return null;
  }
  const key = `${member.nodeId} ${isLeader}`;
  const fullMs = Math.max(longest.get(key) ?? 1, leftMs);
  longest.set(key, fullMs);
  const angle = Math.min(0.999, leftMs / fullMs) * 2 * Math.PI;
  const r = RADIUS + 9;
  const end = { x: r * Math.sin(angle), y: -r * Math.cos(angle) };
  return s('path', {
    class: `timer ${isLeader ? 'lease' : 'election'}`,
    d: `M0 ${-r}A${r} ${r} 0 ${angle > Math.PI ? 1 : 0} 1 ${end.x.toFixed(1)} ${end.y.toFixed(1)}` });
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
  const [third, isTrouble] = condition(member) ?? [null, false];
  const top = above ? -RADIUS - 14 - LINE * (third ? 2 : 1) : RADIUS + 24;
  const words = `${member.nodeId}: ${role.word}, ${term}${since}; report ${ago(member.ageMs)}`;
  return s('g', {
    class: `node ${role.kind}${stale}`, 'data-key': `node ${member.nodeId}`, role: 'button', tabindex: 0,
    'aria-haspopup': 'dialog', 'aria-label': `${words}. Opens its own report`, 'data-act': 'member',
    'data-member': member.nodeId, transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})` },
  s('title', {}, words),
  s('circle', { class: 'halo', r: RADIUS + 13 }),
  timer(member),
  SHAPES[role.kind](),
  s('text', { class: 'letter', y: 7 }, role.letter),
  s('text', { class: 'name', y: top }, member.nodeId + (isOwn ? ' (here)' : '')),
  s('text', { class: 'sub', y: top + LINE }, second),
  third && s('text', { class: isTrouble ? 'sub trouble' : 'sub', y: top + LINE * 2 }, third));
}

/** Pairs of which nothing is to be told. */
function mesh(members, spots, pairs) {
  const told = new Set(pairs.map(([link]) => `${link.from} ${link.to}`));
  return members.flatMap((a, i) => members.slice(i + 1).map((b, j) =>
    !told.has(`${a.nodeId} ${b.nodeId}`) && s('line', {
      class: 'mesh', x1: spots[i].x, y1: spots[i].y, x2: spots[i + 1 + j].x, y2: spots[i + 1 + j].y })));
}

/** The graph with a legend. */
export function graph(frame, width) {
  const height = frame.members.length > 3 ? 420 : width < 480 ? 330 : 360;
  const spots = place(frame.members, width, height);
  const at = new Map(frame.members.map((member, i) => [member.nodeId, spots[i]]));
  const pairs = links(frame);
  const centre = { x: width / 2, y: height / 2 };
  // Among many links only the broken ones speak; the others do when pointed at.
  const isWorded = (link) => width >= 480 && (frame.members.length <= 3 || link.state === 'silent');
  const words = pairs.flat().map((link) => `${link.from} to ${link.to}: ${link.label}`).join('; ');
  return [
    s('svg', {
      class: 'graph', viewBox: `0 0 ${width} ${height}`, width, height, role: 'group',
      'aria-label': `Members and their links. ${words || 'No link is known.'}` },
    mesh(frame.members, spots, pairs),
    pairs.flat().map((link) => arrow(link, at.get(link.from), at.get(link.to))),
    pairs.map((pair) => labels(pair, at.get(pair[0].from), at.get(pair[0].to), centre, isWorded)),
    frame.members.map((member, i) => node(member, spots[i], member.nodeId === frame.seenFrom, height))),
    h('p', { class: 'legend muted' },
      'Hexagon L leads, circle F follows, diamond C or P campaigns, square X has failed. The arc is what is left of a lease or '
      + 'until a campaign. Each arrow is one direction, as its receiver tells it; dotted: nothing to tell. '
      + 'A member opens its own report.'),
  ];
}
