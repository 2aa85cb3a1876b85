// All groups of a process, those in trouble first. A page of the list is fetched at a time, so that a thousand
// groups cost no more than fifty.

import { get } from './api.js';
import { h, show } from './dom.js';
import { count, duration, plural } from './format.js';

const PAGE = 50;
const REFRESH_MS = 2000;
const COLUMNS = ['Group', 'Health', 'What is', 'Here', 'Leader', 'Term', 'Commit', 'Not applied'];

const HEALTH = {
  HEALTHY: ['●', 'Healthy', 'ok'], DEGRADED: ['▲', 'Degraded', 'warn'], NO_LEADER: ['■', 'No leader', 'bad'],
};

function row(group) {
  const [mark, word, kind] = HEALTH[group.health] ?? ['?', group.health, 'warn'];
  const cells = [
    h('span', { class: `state ${kind}` }, h('span', { 'aria-hidden': 'true' }, mark), ' ', word),
    group.headline,
    group.state === 'RUNNING' ? group.role?.toLowerCase().replaceAll('_', '-') : group.state?.toLowerCase(),
    group.leaderId ?? 'none',
    count(group.term),
    count(group.commitIndex),
    count(Math.max(0, group.commitIndex - group.appliedIndex)),
  ];
  return h('tr', { 'data-key': group.groupId },
    h('th', { scope: 'row' }, h('a', { href: relative(group.href) }, group.groupId)),
    cells.map((cell, i) => h('td', {
      'data-label': COLUMNS[i + 1], class: i > 3 ? 'number' : i === 1 ? 'wrap' : null }, cell)));
}

/** Only an address beneath this page: anything else leads nowhere. */
function relative(href) {
  return /^[\w%~!$&'()*+,;=@.-]+(\/[\w%~!$&'()*+,;=@.-]*)*$/.test(href ?? '') ? href : null;
}

export class Groups {
  /** @param elements section, search, sort, counts, body, previous, next, place */
  constructor(elements, link) {
    this.elements = elements;
    this.link = link;
    this.offset = 0;
    this.answer = null;
    this.requests = 0;
    const { search, sort, previous, next } = elements;
    search.addEventListener('input', () => this.turn(0));
    sort.addEventListener('change', () => this.turn(0));
    previous.addEventListener('click', () => this.turn(Math.max(0, this.offset - PAGE)));
    next.addEventListener('click', () => this.turn(this.offset + PAGE));
    document.addEventListener('visibilitychange', () => this.read());
    setInterval(() => this.read(), REFRESH_MS);
  }

  turn(offset) {
    this.offset = offset;
    this.read();
  }

  async read() {
    if (document.hidden) {
      return;
    }
    const { search, sort } = this.elements;
    const number = this.requests += 1;
    try {
      const answer = await get('groups', {
        search: search.value.trim(), sort: sort.value, offset: this.offset, limit: PAGE });
      if (number === this.requests) {
        this.answer = answer;
        this.link('live');
        this.draw(null);
      }
    } catch (problem) {
      if (number === this.requests) {
        this.link('lost');
        this.draw(problem.message);
      }
    }
  }

  draw(problem) {
    const { body, counts, place, previous, next, section } = this.elements;
    section.classList.toggle('cut', problem !== null);
    const { answer } = this;
    if (!answer) {
      show(body, problem && h('p', { class: 'problem' }, problem));
      return;
    }
    const last = Math.min(answer.offset + answer.groups.length, answer.matching);
    place.textContent = answer.matching === 0 ? 'None'
      : `${count(answer.offset + 1)} to ${count(last)} of ${count(answer.matching)}`;
    previous.disabled = answer.offset === 0;
    next.disabled = last >= answer.matching;
    show(counts, Object.entries(HEALTH).map(([health, [mark, word, kind]]) =>
      h('li', { class: `state ${kind}`, 'data-key': health },
        h('span', { 'aria-hidden': 'true' }, mark), ` ${count(answer.counts[health] ?? 0)} ${word.toLowerCase()}`)));
    show(body,
      problem && h('p', { class: 'problem' }, problem),
      answer.groups.length === 0 ? this.nothing() : this.table(),
      h('p', { class: 'source muted' }, `${plural(answer.total, 'group', 'groups')}, as their members here tell, ${
        duration(answer.ageMs)} old. No other member is asked for this list.`));
  }

  nothing() {
    const { search } = this.elements;
    return h('p', { class: 'empty muted' }, search.value.trim()
      ? `No group's name, leader or headline contains “${search.value.trim()}”.`
      : 'No group runs in this process yet.');
  }

  table() {
    return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Groups' },
      h('table', { class: 'groups' },
        h('caption', { class: 'hidden-text' }, 'Groups'),
        h('thead', {}, h('tr', {}, COLUMNS.map((name, i) =>
          h('th', { scope: 'col', class: i > 4 ? 'number' : null }, name)))),
        h('tbody', {}, this.answer.groups.map(row))));
  }
}
