// Entries of the serving member's log, page by page. Nothing is read before somebody asks, and payloads are
// shown only if the application has given a decoder and the reader asks for them.

import { get } from './api.js';
import { h, show } from './dom.js';
import { bytes, clock, count } from './format.js';

const PAGE = 25;

const TYPES = { NO_OP: 'no-op', COMMAND: 'command', CONFIGURATION: 'configuration', SESSION: 'session' };
const STATES = {
  APPLIED: ['applied', 'ok'], COMMITTED: ['committed', 'role'], DURABLE: ['durable', 'note'], WRITTEN: ['written', 'note'],
};
const COLUMNS = ['Index', 'Term', 'Type', 'State', 'Bytes', 'Commands'];

function payload(command) {
  if (command.payloadError) {
    return h('span', { class: 'problem' }, `not decoded: ${command.payloadError}`);
  }
  const { payload: value } = command;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return h('code', {}, text ?? '');
}

function commands(entry, isShown) {
  const all = entry.commands ?? [];
  if (all.length === 0) {
    return '–';
  }
  if (!isShown) {
    return `${all.length === 1 ? '1 command' : `${count(all.length)} commands`}, ${
      bytes(all.reduce((sum, command) => sum + command.bytes, 0))}`;
  }
  return h('ul', { class: 'payloads' }, all.map((command) => h('li', {}, payload(command))));
}

function row(entry, isShown) {
  const [word, kind] = STATES[entry.state] ?? [entry.state, 'note'];
  const cells = [
    count(entry.term), TYPES[entry.type] ?? entry.type, h('span', { class: `tag ${kind}` }, word), bytes(entry.bytes),
    commands(entry, isShown),
  ];
  return h('tr', { 'data-key': String(entry.index) },
    h('th', { scope: 'row', class: 'number' }, count(entry.index)),
    cells.map((cell, i) => h('td', {
      'data-label': COLUMNS[i + 1], class: i === 0 || i === 3 ? 'number' : null }, cell)));
}

export class LogView {
  /** @param elements body, from, older, newer, newest, payloads, state */
  constructor(elements) {
    this.elements = elements;
    this.answer = null;
    this.problem = null;
    this.isShown = false;
    this.requests = 0;
    elements.older.addEventListener('click', () => this.read(Math.max(this.answer.firstIndex, this.answer.from - PAGE)));
    elements.newer.addEventListener('click', () => this.read(this.answer.next));
    elements.newest.addEventListener('click', () => this.read(null));
    elements.from.addEventListener('change', () => this.read(Number(elements.from.value) || null));
    elements.payloads.addEventListener('click', () => {
      this.isShown = !this.isShown;
      this.draw();
    });
  }

  async read(from) {
    const number = this.requests += 1;
    try {
      const answer = await get('log', { from, limit: PAGE });
      if (number === this.requests) {
        this.answer = answer;
        this.problem = null;
      }
    } catch (problem) {
      if (number === this.requests) {
        const { firstIndex } = problem.body ?? {};
        this.problem = firstIndex ? `${problem.message} (the log begins at ${count(firstIndex)})` : problem.message;
      }
    }
    this.draw();
  }

  draw() {
    const { body, from, older, newer, payloads, state } = this.elements;
    const { answer } = this;
    older.disabled = !answer || answer.from <= answer.firstIndex;
    newer.disabled = !answer || answer.next === null || answer.next === undefined;
    const canShow = answer?.payloads === 'shown';
    payloads.disabled = !canShow;
    payloads.setAttribute('aria-pressed', String(canShow && this.isShown));
    state.textContent = this.words(canShow);
    if (answer) {
      from.placeholder = String(answer.from);
    }
    show(body,
      this.problem && h('p', { class: 'problem' }, this.problem),
      !answer && !this.problem && h('p', { class: 'empty muted' },
        'Nothing read yet: “Newest” reads the last entries of the member this page is served by.'),
      answer && answer.entries.length === 0 && h('p', { class: 'empty muted' }, 'The log holds no entries.'),
      answer && answer.entries.length > 0 && this.table(canShow));
  }

  words(canShow) {
    if (!this.answer) {
      return '';
    }
    const { source, timeMs, firstIndex, lastIndex } = this.answer;
    const hidden = canShow ? '' : ' · payloads are hidden, the application has given no decoder';
    return `Log of ${source} as of ${clock(timeMs)}, entries ${count(firstIndex)} to ${count(lastIndex)}${hidden}`;
  }

  table(canShow) {
    return h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Log entries, newest first' },
      h('table', { class: 'dense entries' },
        h('caption', { class: 'hidden-text' }, 'Log entries, newest first'),
        h('thead', {}, h('tr', {}, COLUMNS.map((name, i) =>
          h('th', { scope: 'col', class: [0, 1, 4].includes(i) ? 'number' : null }, name)))),
        h('tbody', {}, [...this.answer.entries].reverse().map((entry) => row(entry, canShow && this.isShown)))));
  }
}
