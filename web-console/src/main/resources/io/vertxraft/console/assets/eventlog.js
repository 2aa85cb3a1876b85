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

/** An event's kind and what happened, in words. */
export function eventWords(event) {
  return { kind: TYPES[event.type]?.[1] ?? 'note', text: words(event) };
}

function row(event, canTravel) {
  const [word, kind] = TYPES[event.type] ?? [event.type, 'note'];
  const date = new Date(event.timeMs);
  const time = h('time', { datetime: Number.isNaN(date.getTime()) ? null : date.toISOString() }, clock(event.timeMs));
  return h('li', { 'data-key': String(event.sequence) },
    canTravel(event)
      ? h('button', {
        class: 'link when', type: 'button', 'data-act': 'go', 'data-at': event.timeMs, title: 'Show the group as it was then' },
      time)
      : h('span', { class: 'when' }, time),
    h('span', { class: `tag ${kind}` }, word),
    h('span', { class: 'what' }, words(event),
      event.cause && h('span', { class: 'cause muted' }, event.cause)));
}

/** The list; the time of an event leads to that moment, if there are frames of it. */
export function eventLog(events, seenFrom, canTravel) {
  if (events.length === 0) {
    return h('p', { class: 'empty muted' }, `Nothing has happened at ${seenFrom} since the console was mounted.`);
  }
  return [
    h('ol', { class: 'events', tabindex: 0, 'aria-label': 'Events, newest first' }, 
      events.slice(0, SHOWN_MAX).map((event) => row(event, canTravel))),
    h('p', { class: 'source muted' }, `Events of ${seenFrom} alone; each member keeps its own.`),
  ];
}
