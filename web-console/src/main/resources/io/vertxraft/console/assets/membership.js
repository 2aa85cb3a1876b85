// Who votes, who is in step, what a majority needs; and what would be left without some of them.

import { h } from './dom.js';
import { ago, plural } from './format.js';

/** Both halves of a joint configuration, or the one there is. */
function configurationsOf(frame) {
  const { membership } = frame;
  return membership.configurations ?? [{
    name: 'current', voters: frame.members.map((member) => member.nodeId), majority: membership.majority }];
}

/** Members that a decision can count on: the leader, and followers in step; null without a leader. */
function inStep(frame) {
  if (!frame.leaderId) {
    return null;
  }
  const healthy = frame.followers.filter((f) => f.state === 'HEALTHY' && !f.damaged);
  return new Set([frame.leaderId, ...healthy.map((follower) => follower.nodeId)]);
}

function voter(nodeId, { down, step, isLeader }) {
  const isDown = down.has(nodeId);
  const state = isDown ? 'ticked off' : !step ? 'not known' : step.has(nodeId) ? 'in step' : 'not in step';
  const kind = isDown ? 'off' : !step ? 'unknown' : step.has(nodeId) ? 'in' : 'out';
  return h('li', { 'data-key': nodeId },
    h('button', {
      class: `seat ${kind}`, type: 'button', 'aria-pressed': String(!isDown), 'data-act': 'seat', 'data-member': nodeId },
    h('b', {}, nodeId), h('span', {}, isLeader ? `leader, ${state}` : state)));
}

function names(list) {
  return list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
}

/** How one half of the configuration fares without those who are ticked off. */
function half({ voters, majority }, down) {
  const left = voters.filter((nodeId) => !down.has(nodeId)).length;
  return { left, voters: voters.length, majority, spare: left - majority };
}

/** The arithmetic in words; the same as the address what-if gives. */
export function whatIf(frame, down) {
  const halves = configurationsOf(frame).map((configuration) => half(configuration, down));
  const everybody = new Set(configurationsOf(frame).flatMap((configuration) => configuration.voters));
  const gone = names([...everybody].filter((nodeId) => down.has(nodeId)));
  const losing = halves.find((one) => one.spare < 0);
  if (losing) {
    return {
      holds: false,
      text: `Without ${gone}, ${losing.left} of ${plural(losing.voters, 'voter', 'voters')} `
        + `${losing.left === 1 ? 'is' : 'are'} left and ${losing.majority} are needed: nothing can be decided`,
    };
  }
  const spare = Math.min(...halves.map((one) => one.spare));
  const further = spare === 0 ? 'survives no further failure'
    : `survives ${plural(spare, 'more failure', 'more failures')}`;
  const election = down.has(frame.leaderId) ? ' after an election' : '';
  const { left, voters, majority } = halves.reduce((a, b) => (b.spare < a.spare ? b : a));
  return {
    holds: true,
    text: `Without ${gone}, ${left} of ${voters} voters are left and ${majority} are needed: `
      + `the group serves${election}, and ${further}`,
  };
}

function today(frame, step) {
  const halves = configurationsOf(frame);
  const needs = halves.map(({ voters, majority }) => `${majority} of ${voters.length}`).join(' and ');
  if (!step) {
    return `Who is in step is not known without a leader. A decision needs ${needs}.`;
  }
  const have = halves.map(({ voters }) =>
    `${voters.filter((nodeId) => step.has(nodeId)).length} of ${voters.length}`).join(' and ');
  return `${have} in step; a decision needs ${needs}. Tick members off to see what would be left.`;
}

const HALVES = { current: 'Current voters', next: 'Next voters' };

/** The card. `down` are the members that are ticked off. */
export function membership(frame, down) {
  const step = inStep(frame);
  const configurations = configurationsOf(frame);
  const result = down.size > 0 ? whatIf(frame, down) : null;
  return [
    configurations.length > 1 && h('p', { class: 'joint' },
      'The membership changes: a decision needs a majority of the current and of the next voters.'),
    configurations.map((configuration) => h('div', { class: 'half', 'data-key': configuration.name },
      configurations.length > 1 && h('h3', {},
        `${HALVES[configuration.name] ?? configuration.name}: `
        + `${configuration.majority} of ${configuration.voters.length} decide`),
      h('ul', { class: 'seats', 'aria-label': HALVES[configuration.name] ?? configuration.name },
        configuration.voters.map((nodeId) =>
          voter(nodeId, { down, step, isLeader: nodeId === frame.leaderId }))))),
    h('p', { class: `what-if ${result ? (result.holds ? 'holds' : 'lost') : ''}`, 'aria-live': 'polite' },
      result ? result.text : today(frame, step)),
    h('p', { class: 'source muted' }, frame.followers.length > 0
      ? `Who is in step is the word of ${frame.followers[0].source}, ${ago(frame.followers[0].ageMs)}.` : ' '),
    h('button', {
      class: 'quiet', type: 'button', 'data-act': 'seats-back', disabled: down.size === 0 }, 'Count everybody again'),
  ];
}
