// One member's own report, in a dialog: what it says of itself and of the others, and what they say of it.

import { h, webAddress } from './dom.js';
import { ago, bytes, count, duration, leaseWords, milliseconds, roleOf } from './format.js';
import { badge } from './graph.js';
import { snapshotLines } from './snapshots.js';
import { troubles } from './rulers.js';

const STAGES = { NODE: 'Proposals', LOG: 'Disk sync', STATE_MACHINE: 'Apply' };

function fact(name, value) {
  return value !== null && value !== undefined && value !== false
    && h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

function facts(member) {
  const { status } = member;
  return h('dl', { class: 'facts-list' },
    fact('Role', `${roleOf(member).word} since ${duration(status.roleSinceMs)}`),
    fact('Why', status.roleCause),
    fact('Term', count(status.term)),
    fact('Knows as leader', status.leaderId ?? 'nobody'),
    fact('Voted for', status.votedFor ?? 'nobody in this term'),
    fact('Lease', status.role === 'LEADER' && leaseWords(status.leaderLease).replace(/^lease /, '')),
    fact('Campaigns in', status.electionDueMs >= 0 && duration(status.electionDueMs)),
    fact('Votes for nobody for', status.silenceMs > 0 && duration(status.silenceMs)),
    fact('Elections it began', count(status.electionsStarted)),
    fact('Log', `${count(status.firstIndex)} to ${count(status.lastIndex)}`),
    fact('Size of the log', status.snapshots?.logBytes > 0 && bytes(status.snapshots.logBytes)),
    fact('Durable', count(status.durableIndex)),
    fact('Committed', count(status.commitIndex)),
    fact('Applied', count(status.appliedIndex)),
    fact('Proposals in flight', `${count(status.proposalsInFlight)}, ${bytes(status.proposalBytesInFlight)}`),
    fact('Reads in flight', count(status.readsInFlight)),
    fact('Writes in flight', `${count(status.writesInFlight)}, oldest ${milliseconds(status.oldestWriteAgeMs)}`));
}

function table(caption, columns, rows) {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', { class: 'dense' },
      h('caption', { class: 'hidden-text' }, caption),
      h('thead', {}, h('tr', {}, columns.map((name, i) =>
        h('th', { scope: 'col', class: i > 0 ? 'number' : null }, name)))),
      h('tbody', {}, rows.map((cells) => h('tr', { 'data-key': String(cells[0]) },
        h('th', { scope: 'row' }, cells[0]),
        cells.slice(1).map((cell, i) =>
          h('td', { class: 'number', 'data-label': columns[i + 1] }, cell)))))));
}

function stages(status) {
  if (!status.stages?.length) {
    return null;
  }
  const word = (latency, name) => (latency ? milliseconds(latency[name] / 1000) : '–');
  return [
    h('h3', {}, 'Queues and latencies'),
    table('Queues and latencies', ['Stage', 'Waiting', 'Bytes', 'Oldest', 'p50', 'p90', 'p99', 'Longest'],
      status.stages.map((stage) => [
        STAGES[stage.stage] ?? stage.stage, count(stage.depth), bytes(stage.depthBytes),
        milliseconds(stage.oldestMs),
        word(stage.latency, 'p50Micros'), word(stage.latency, 'p90Micros'),
        word(stage.latency, 'p99Micros'), word(stage.latency, 'maxMicros')])),
  ];
}

/** Both directions of each link, each told by its receiver. */
function links(frame, member) {
  const heard = (who, from) => {
    const contact = (who?.status?.contacts ?? []).find((known) => known.nodeId === from);
    return !contact ? 'not known' : contact.heardAgeMs < 0 ? 'never' : ago(contact.heardAgeMs + who.ageMs);
  };
  const others = frame.members.filter((other) => other.nodeId !== member.nodeId);
  return others.length > 0 && [
    h('h3', {}, 'Who hears whom'),
    table('Who hears whom', ['Other member', 'Heard it', 'Is heard by it'],
      others.map((other) => [
        other.nodeId, heard(member, other.nodeId), heard(other, member.nodeId)])),
  ];
}

function leadersWord(frame, member) {
  const follower = frame.followers.find((known) => known.nodeId === member.nodeId);
  return follower && h('p', { class: 'muted' },
    `Its leader ${follower.source} says: ${follower.state.toLowerCase().replaceAll('_', ' ')}, match `
    + `${follower.lagEntries < 0 ? 'not known' : count(follower.matchIndex)}, last contact ${
      follower.lastContactAgeMs < 0 ? 'never' : ago(follower.lastContactAgeMs + follower.ageMs)}.`);
}

function ownConsole(address) {
  const href = webAddress(address);
  return href && h('a', { class: 'button', href }, 'Open its own console');
}

/**
 * What the dialog shows.
 *
 * @param address where the member's own console is, if known
 * @param actions buttons of actions on this member
 */
export function memberReport(frame, nodeId, address, actions) {
  const member = frame.members.find((known) => known.nodeId === nodeId);
  if (!member) {
    return h('p', { class: 'empty muted' }, `${nodeId} is not a member at this moment.`);
  }
  const { status } = member;
  const age = member.fresh ? `Reported ${ago(member.ageMs)}` : `No report for ${duration(member.ageMs)}`;
  return h('div', { class: member.fresh ? 'report' : 'report stale' },
    h('nav', { class: 'report-tabs', 'aria-label': 'Members' }, frame.members.map((other) => h('button', {
      class: 'button', type: 'button', 'data-key': other.nodeId, 'data-act': 'member', 'data-member': other.nodeId,
      'aria-pressed': String(other.nodeId === nodeId) }, other.nodeId))),
    h('div', { class: 'report-head' },
      badge(member, 44),
      h('div', {},
        h('p', { class: 'report-role' }, `${roleOf(member).word}${status ? `, term ${count(status.term)}` : ''}`),
        h('p', { class: 'muted' }, [member.host && `${member.host}:${member.port}`, age].filter(Boolean).join(' · ')))),
    h('div', { class: 'report-buttons' }, actions, ownConsole(address)),
    member.error && h('p', { class: 'problem' }, `Not reachable from ${frame.seenFrom}: ${member.error}`),
    status && troubles(status).map((text) => h('p', { class: 'problem' }, text)),
    leadersWord(frame, member),
    status && facts(member),
    status && links(frame, member),
    status && stages(status),
    status?.snapshots && h('h3', {}, 'Snapshots'),
    status && snapshotLines(member),
    status && h('details', { 'data-key': 'json' },
      h('summary', {}, 'The report as it was sent'),
      h('pre', { tabindex: 0, 'aria-label': `${nodeId}'s report as JSON` }, JSON.stringify(status, null, 2))));
}
