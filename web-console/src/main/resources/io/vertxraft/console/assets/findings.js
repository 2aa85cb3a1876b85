// The banner and the findings behind it.

import { h, s } from './dom.js';
import { ago } from './format.js';

const SIGNS = {
  HEALTHY: 'M5 12.5l4.5 4.5L19 7.5',
  DEGRADED: 'M12 6v7.5M12 17v.6',
  NO_LEADER: 'M7 7l10 10M17 7L7 17',
};

/** The headline in a colour and with a sign of its own; beneath it, whose view it is and of when. */
export function banner(frame, meta) {
  const { health, headline } = frame.banner;
  return [
    s('svg', { class: 'sign', viewBox: '0 0 24 24', width: 40, height: 40, 'aria-hidden': 'true' },
      health === 'DEGRADED'
        ? s('path', { class: 'sign-back', d: 'M12 1.5L23.5 22H.5z' })
        : s('circle', { class: 'sign-back', cx: 12, cy: 12, r: 11.5 }),
      s('path', { class: 'sign-front', d: SIGNS[health] ?? SIGNS.DEGRADED,
        transform: health === 'DEGRADED' ? 'translate(0 2)' : null })),
    h('div', {},
      h('p', { class: 'headline' }, headline),
      h('p', { class: 'meta' }, meta)),
  ];
}

/** In place of a headline, where no member says anything: what is the matter with the page. */
export function messageBanner(text, meta) {
  return [
    s('svg', { class: 'sign', viewBox: '0 0 24 24', width: 40, height: 40, 'aria-hidden': 'true' },
      s('circle', { class: 'sign-back', cx: 12, cy: 12, r: 11.5 }),
      s('path', { class: 'sign-front', d: 'M7 12h.1M12 12h.1M17 12h.1' })),
    h('div', {},
      h('p', { class: 'headline' }, text),
      h('p', { class: 'meta' }, meta)),
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

/** Disagreements first, then all sentences. */
export function findings(frame) {
  const disagreements = frame.disagreements.length > 0 && [
    h('h3', {}, 'Members disagree'),
    h('ul', { class: 'findings' }, frame.disagreements.map(sentence)),
    h('h3', {}, 'All findings'),
  ];
  const none = frame.sentences.length === 0
    && h('p', { class: 'empty muted' }, 'Nothing to tell: no report has arrived yet.');
  return [disagreements, h('ul', { class: 'findings' }, frame.sentences.map(sentence)), none];
}
