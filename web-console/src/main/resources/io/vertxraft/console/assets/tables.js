// The followers as their leader sees them.

import { h } from './dom.js';
import { ago, bytes, count, duration, plural, roundTrip } from './format.js';
import { followerSnapshot } from './snapshots.js';

const STATES = {
  HEALTHY: { word: 'Healthy', mark: '●', kind: 'ok' },
  CATCHING_UP: { word: 'Catching up', mark: '▲', kind: 'warn' },
  FALLING_BEHIND: { word: 'Falling behind', mark: '▼', kind: 'warn' },
  SNAPSHOT: { word: 'Snapshot', mark: '◆', kind: 'warn' },
  STALLED: { word: 'Stalled', mark: '■', kind: 'bad' },
};

/** However far it is: it counts for nothing until it has everything again. */
const DAMAGED = { word: 'Damaged', mark: '■', kind: 'bad' };

/** A new leader knows nothing of a member that has not answered it yet. */
const NOT_KNOWN = 'not known';

const COLUMNS = [
  ['Follower', false], ['State', false], ['Lag', true], ['Match', true], ['Next', true],
  ['In flight', true], ['Last contact', true], ['Round trip', true], ['Sending', false],
];

function lag(follower) {
  if (follower.lagEntries < 0) {
    return NOT_KNOWN;
  }
  if (follower.lagEntries === 0) {
    return 'none';
  }
  const age = follower.lagMs >= 0 ? `, ${duration(follower.lagMs)}` : '';
  return plural(follower.lagEntries, 'entry', 'entries') + age;
}

function sending(follower) {
  const how = follower.replication === 'SNAPSHOT'
    ? followerSnapshot(follower) : (follower.replication ?? '–').toLowerCase();
  return h('span', {}, how, follower.clockSuspect && ', clock suspect');
}

function row(follower) {
  const state = follower.damaged
    ? DAMAGED : STATES[follower.state] ?? { word: follower.state, mark: '?', kind: 'warn' };
  const contactMs = follower.lastContactAgeMs < 0 ? -1 : follower.lastContactAgeMs + follower.ageMs;
  const cells = [
    h('span', { class: `state ${state.kind}` },
      h('span', { 'aria-hidden': 'true' }, state.mark), ' ', state.word),
    lag(follower),
    follower.lagEntries < 0 ? NOT_KNOWN : count(follower.matchIndex),
    count(follower.nextIndex),
    follower.messagesInFlight === 0
      ? 'nothing'
      : `${plural(follower.messagesInFlight, 'message', 'messages')}, ${bytes(follower.bytesInFlight)}`,
    contactMs < 0 ? 'never answered' : ago(contactMs),
    roundTrip(follower.roundTripMs),
    sending(follower),
  ];
  return h('tr', { 'data-key': follower.nodeId },
    h('th', { scope: 'row' }, follower.nodeId),
    cells.map((cell, i) => h('td', {
      'data-label': COLUMNS[i + 1][0], class: COLUMNS[i + 1][1] ? 'number' : null }, cell)));
}

/** The table, or a sentence where no leader reports. */
export function followers(frame) {
  if (frame.followers.length === 0) {
    const why = frame.leaderId && frame.members.length === 1
      ? 'The only member has no followers.'
      : 'Only a leader knows its followers, and none reports at the moment.';
    return h('p', { class: 'empty muted' }, why);
  }
  const { source, ageMs } = frame.followers[0];
  return [
    h('div', {
      class: ageMs > frame.silentAfterMs ? 'scroll stale' : 'scroll', tabindex: 0, role: 'region',
      'aria-label': 'Table of followers' },
      h('table', { class: 'followers' },
        h('caption', { class: 'hidden-text' }, 'Followers as the leader sees them'),
        h('thead', {}, h('tr', {}, COLUMNS.map(([name, isNumber]) =>
          h('th', { scope: 'col', class: isNumber ? 'number' : null }, name)))),
        h('tbody', {}, frame.followers.map(row)))),
    h('p', { class: 'source muted' }, `Reported by ${source}, ${ago(ageMs)}.`),
  ];
}
