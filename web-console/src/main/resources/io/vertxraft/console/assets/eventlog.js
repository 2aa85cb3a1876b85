// What happened at this node, newest first, with its cause.

import { h } from './dom.js';
import { clock } from './format.js';

const SHOWN_MAX = 200;

const TYPES = {
  STARTED: ['Started', 'note'],
  ROLE_CHANGED: ['Role', 'role'],
  LEADER_CHANGED: ['Leader', 'lead'],
  LEADER_READY: ['Ready', 'ok'],
  FOLLOWER_CHANGED: ['Follower', 'note'],
  TRANSFER_ENDED: ['Transfer', 'role'],
  DAMAGE_FOUND: ['Damage', 'bad'],
  DAMAGE_HEALED: ['Healed', 'ok'],
  ROOM_CHANGED: ['Room', 'role'],
  SNAPSHOT_SAVED: ['Snapshot', 'ok'],
  SNAPSHOT_FAILED: ['Snapshot', 'bad'],
  SNAPSHOT_DOWNLOADING: ['Snapshot', 'role'],
  SNAPSHOT_INSTALLED: ['Snapshot', 'ok'],
  LOG_COMPACTED: ['Log', 'note'],
  FAULT: ['Fault', 'bad'],
  STOPPED: ['Stopped', 'note'],
};

const ROLES = {
  LEADER: 'leads', FOLLOWER: 'follows', CANDIDATE: 'campaigns', PRE_CANDIDATE: 'asks for pre-votes',
};

function words(event) {
  const role = ROLES[event.role] ?? 'is';
  switch (event.type) {
    case 'ROLE_CHANGED':
      return `${event.nodeId} ${role} in term ${event.term}`;
    case 'LEADER_CHANGED':
      return event.leaderId
        ? `${event.nodeId} knows ${event.leaderId} as leader of term ${event.term}`
        : `${event.nodeId} knows no leader in term ${event.term}`;
    case 'LEADER_READY':
      return `${event.nodeId} serves as leader of term ${event.term}`;
    case 'FOLLOWER_CHANGED':
      return `${event.nodeId} replicates differently to ${event.peerId ?? 'a follower'}`;
    case 'TRANSFER_ENDED':
      return `${event.nodeId} could not hand over${event.peerId ? ` to ${event.peerId}` : ''} and leads on`;
    case 'DAMAGE_FOUND':
      return `${event.peerId ?? event.nodeId} has lost entries`;
    case 'DAMAGE_HEALED':
      return `${event.peerId ?? event.nodeId} has all its entries again`;
    case 'ROOM_CHANGED':
      return `${event.nodeId}'s disk has another amount of room`;
    case 'SNAPSHOT_SAVED':
      return `${event.nodeId} has saved a snapshot of its state`;
    case 'SNAPSHOT_FAILED':
      return `${event.nodeId} could not save, fetch or read a snapshot`;
    case 'SNAPSHOT_DOWNLOADING':
      return `${event.nodeId} fetches a snapshot${event.peerId ? ` from ${event.peerId}` : ''}`;
    case 'SNAPSHOT_INSTALLED':
      return `${event.nodeId} has taken over a snapshot${event.peerId ? ` of ${event.peerId}` : ''}`;
    case 'LOG_COMPACTED':
      return `${event.nodeId} has removed entries that a snapshot replaces`;
    case 'FAULT':
      return `${event.nodeId} has a fault`;
    case 'STARTED':
      return `${event.nodeId} takes part`;
    case 'STOPPED':
      return `${event.nodeId} was closed`;
    default:
      return `${event.nodeId}: ${event.type}`;
  }
}

/** Merges what a frame brings, newest first, into what is known. */
export function mergeEvents(known, frame, isSnapshot) {
  if (isSnapshot) {
    return frame.events.slice(0, SHOWN_MAX);
  }
  const newest = known[0]?.sequence ?? 0;
  const added = frame.events.filter((event) => event.sequence > newest);
  return [...added, ...known].slice(0, SHOWN_MAX);
}

function row(event) {
  const [word, kind] = TYPES[event.type] ?? [event.type, 'note'];
  const time = new Date(event.timeMs);
  return h('li', { 'data-key': String(event.sequence) },
    h('time', { datetime: Number.isNaN(time.getTime()) ? null : time.toISOString() }, clock(event.timeMs)),
    h('span', { class: `tag ${kind}` }, word),
    h('span', { class: 'what' }, words(event),
      event.cause && h('span', { class: 'cause muted' }, event.cause)));
}

/** The list. */
export function eventLog(events, seenFrom) {
  if (events.length === 0) {
    return h('p', { class: 'empty muted' }, `Nothing has happened at ${seenFrom} since the console was mounted.`);
  }
  return [
    h('ol', { class: 'events', tabindex: 0, 'aria-label': 'Events, newest first' }, events.map(row)),
    h('p', { class: 'source muted' }, `Events of ${seenFrom} alone; each member keeps its own.`),
  ];
}
