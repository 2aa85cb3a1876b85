// The banner, the findings behind it, and the membership.

import { h, s } from './dom.js';
import { ago, plural } from './format.js';

const SIGNS = {
  HEALTHY: 'M5 12.5l4.5 4.5L19 7.5',
  DEGRADED: 'M12 6v7.5M12 17v.6',
  NO_LEADER: 'M7 7l10 10M17 7L7 17',
};

/** The headline in a colour and with a sign of its own. */
export function banner(frame) {
  const { health, headline } = frame.banner;
  return [
    s('svg', { class: 'sign', viewBox: '0 0 24 24', width: 40, height: 40, 'aria-hidden': 'true' },
      health === 'DEGRADED'
        ? s('path', { class: 'sign-back', d: 'M12 1.5L23.5 22H.5z' })
        : s('circle', { class: 'sign-back', cx: 12, cy: 12, r: 11.5 }),
      s('path', { class: 'sign-front', d: SIGNS[health] ?? SIGNS.DEGRADED,
        transform: health === 'DEGRADED' ? 'translate(0 2)' : null })),
    h('p', { class: 'headline' }, headline),
  ];
}

const SEVERITIES = { CRITICAL: 'critical', WARNING: 'warning', INFO: 'note' };

function sentence(item) {
  const evidence = item.evidence.map((e) =>
    h('li', {}, h('b', {}, e.source), ` ${ago(e.ageMs)}: ${e.fact}`));
  return h('li', { class: `finding ${SEVERITIES[item.severity] ?? 'note'}` },
    h('span', { class: 'severity' }, SEVERITIES[item.severity] ?? 'note'),
    h('div', {},
      h('p', {}, item.text),
      evidence.length > 0 && h('ul', { class: 'evidence muted' }, evidence)));
}

function seats(membership) {
  const known = membership.inStep !== null && membership.inStep !== undefined;
  return h('div', { class: 'seats', 'aria-hidden': 'true' },
    Array.from({ length: membership.members }, (unused, i) => {
      const kind = !known ? 'unknown' : i < membership.inStep ? 'in' : 'out';
      const edge = i === membership.majority - 1 ? ' majority' : '';
      return h('span', { class: `seat ${kind}${edge}` });
    }));
}

function membershipLine(frame) {
  const m = frame.membership;
  const inStep = m.inStep === null || m.inStep === undefined
    ? 'How many members are in step is not known without a leader'
    : `${m.inStep} of ${plural(m.members, 'member', 'members')} in step`;
  return h('div', { class: 'membership' },
    seats(m),
    h('p', {}, `${inStep}; the mark after ${m.majority} is the majority a decision needs.`));
}

/** Disagreements first, then all sentences, then what the membership tolerates. */
export function findings(frame) {
  const disagreements = frame.disagreements.length > 0 && [
    h('h3', {}, 'Members disagree'),
    h('ul', { class: 'findings' }, frame.disagreements.map(sentence)),
    h('h3', {}, 'All findings'),
  ];
  return [
    h('div', {},
      disagreements,
      h('ul', { class: 'findings' }, frame.sentences.map(sentence))),
    membershipLine(frame),
  ];
}
