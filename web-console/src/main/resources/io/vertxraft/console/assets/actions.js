// What one can do, if the application allows it. Each action is tried without effect first, and says what it
// does to the quorum; only then it can be confirmed.

import { act, get } from './api.js';
import { h, show, webAddress } from './dom.js';
import { clock, count, duration, plural } from './format.js';

const KINDS = [
  ['raft', 'The group'],
  ['app', 'This application'],
  ['demo', 'Break something (demo)'],
];

function parameterWords(parameters) {
  return Object.entries(parameters ?? {}).map(([name, value]) => `${name} ${value}`).join(', ');
}

/** Buttons of all actions, by kind. */
export function actionButtons(actions) {
  return KINDS.map(([kind, title]) => {
    const own = actions.filter((action) => action.kind === kind);
    return own.length > 0 && h('div', { class: `action-group ${kind}`, 'data-key': kind },
      h('h3', {}, title),
      h('ul', { class: 'buttons' }, own.map((action) => h('li', { 'data-key': action.name },
        h('button', {
          class: 'button', type: 'button', 'data-act': 'action', 'data-action': action.name,
          'aria-haspopup': 'dialog', title: action.description ?? null }, `${action.title}…`)))));
  });
}

/** Buttons of the actions on one member. */
export function memberActions(actions, nodeId) {
  return actions
    .map((action) => [action, (action.parameters ?? []).find((parameter) => parameter.type === 'member')])
    .filter(([, parameter]) => parameter)
    .map(([action, parameter]) => h('button', {
      class: 'button', type: 'button', 'data-key': action.name, 'data-act': 'action', 'data-action': action.name,
      'data-parameter': parameter.name, 'data-member': nodeId }, `${action.title}…`));
}

/** Who did what, newest first. */
export function auditList(entries) {
  if (entries.length === 0) {
    return h('p', { class: 'empty muted' }, 'Nothing has been changed from a console since this one was mounted.');
  }
  return h('ol', { class: 'events', tabindex: 0, 'aria-label': 'Actions, newest first' },
    [...entries].reverse().map((entry) => h('li', { 'data-key': String(entry.sequence) },
      h('span', { class: 'when' }, clock(entry.timeMs)),
      h('span', { class: `tag ${entry.outcome === 'DONE' ? 'ok' : 'bad'}` }, entry.outcome.toLowerCase()),
      h('span', { class: 'what' },
        `${entry.who ?? 'somebody'}: ${entry.action} ${parameterWords(entry.parameters)}`,
        h('span', { class: 'cause muted' }, `${entry.text ?? ''} · took ${duration(entry.durationMs)}`)))));
}

function control(parameter, value, members) {
  const shared = { id: `parameter-${parameter.name}`, name: parameter.name, required: parameter.required === true };
  const choices = parameter.type === 'member' ? members : parameter.type === 'choice' ? parameter.choices : null;
  if (choices) {
    return h('select', shared,
      !value && h('option', { value: '' }, 'Choose'),
      choices.map((choice) => h('option', { value: choice, selected: choice === value }, choice)));
  }
  const type = { number: 'number', flag: 'checkbox' }[parameter.type] ?? 'text';
  return h('input', { ...shared, type, value: type === 'checkbox' ? null : value, checked: type === 'checkbox' && value });
}

function survives(failures) {
  return failures < 0 ? 'no majority' : plural(failures, 'failure', 'failures');
}

function effectLines(effect) {
  if (!effect) {
    return null;
  }
  const isKnown = Number.isFinite(effect.majorityBefore) && Number.isFinite(effect.majorityAfter);
  const row = (name, before, after) => h('tr', {},
    h('th', { scope: 'row' }, name), h('td', { class: 'number' }, before), h('td', { class: 'number' }, after));
  return isKnown && h('table', { class: 'effect dense' },
    h('thead', {}, h('tr', {}, ['Quorum', 'Now', 'Then'].map((name, i) =>
      h('th', { scope: 'col', class: i ? 'number' : null }, name)))),
    h('tbody', {},
      row('Majority', `${count(effect.majorityBefore)} of ${count(effect.membersBefore)}`,
        `${count(effect.majorityAfter)} of ${count(effect.membersAfter)}`),
      row('Survives', survives(effect.toleratesBefore), survives(effect.toleratesAfter))));
}

/** The dialog in which one action is tried and confirmed. */
export class ActionDialog {
  /**
   * @param elements dialog, title, about, fields, outcome, confirm
   * @param context gives members (ids) and actions of the moment
   * @param done called after an action ran
   */
  constructor(elements, context, done) {
    this.elements = elements;
    this.context = context;
    this.done = done;
    this.action = null;
    this.tries = 0;
    elements.fields.addEventListener('change', () => this.try());
    elements.confirm.addEventListener('click', () => this.run());
  }

  open(name, preset) {
    this.action = this.context().actions.find((action) => action.name === name);
    if (!this.action) {
      return;
    }
    const { dialog, title, about, fields, confirm } = this.elements;
    title.textContent = this.action.title;
    about.textContent = this.action.description ?? '';
    confirm.textContent = this.action.title;
    confirm.hidden = false;
    fields.replaceChildren(...(this.action.parameters ?? []).map((parameter) => h('p', { class: 'field' },
      h('label', { for: `parameter-${parameter.name}` }, parameter.title ?? parameter.name),
      control(parameter, preset[parameter.name] ?? parameter.default ?? '', this.context().members))));
    if (!dialog.open) {
      dialog.showModal();
    }
    this.try();
  }

  parameters() {
    const values = {};
    for (const field of this.elements.fields.querySelectorAll('select, input')) {
      const value = field.type === 'checkbox' ? field.checked
        : field.type === 'number' && field.value !== '' ? Number(field.value) : field.value;
      if (value !== '') {
        values[field.name] = value;
      }
    }
    return values;
  }

  tell(kind, ...content) {
    this.elements.outcome.className = `outcome ${kind}`;
    show(this.elements.outcome, ...content);
  }

  /** Asks what would happen. Only the answer to the newest question counts. */
  async try() {
    const { confirm, fields } = this.elements;
    const number = this.tries += 1;
    confirm.disabled = true;
    const missing = [...fields.querySelectorAll(':required')].filter((field) => field.value === '');
    if (missing.length > 0) {
      this.tell('', h('p', { class: 'muted' }, 'Choose, and see here what it would do.'));
      return;
    }
    this.tell('', h('p', { class: 'muted' }, 'Asking what it would do'));
    try {
      const answer = await act(this.action.name, this.parameters(), true);
      if (number === this.tries) {
        const refusal = answer.effect?.refusal ?? (answer.outcome === 'DRY_RUN' ? null : answer.error ?? answer.text);
        this.tell(refusal ? 'bad' : '',
          h('p', {}, h('b', {}, refusal ? 'Would be refused: ' : 'Would do: '), refusal ?? answer.effect?.text ?? answer.text),
          effectLines(answer.effect), this.elsewhere(answer));
        confirm.disabled = refusal !== null;
      }
    } catch (problem) {
      if (number === this.tries) {
        this.tell('bad', h('p', {}, h('b', {}, 'Not possible: '), problem.message));
      }
    }
  }

  /** Where the leader's own console is, for what only a leader does. */
  elsewhere({ leaderId }) {
    const href = leaderId && webAddress(this.context().consoles?.[leaderId]);
    return href && h('p', {}, h('a', { class: 'button', href }, `Open the console of ${leaderId}`));
  }

  async run() {
    const { confirm } = this.elements;
    const number = this.tries += 1;
    confirm.disabled = true;
    this.tell('', h('p', { class: 'muted' }, 'Running'));
    try {
      const answer = await act(this.action.name, this.parameters(), false);
      if (number === this.tries) {
        const isDone = answer.outcome === 'DONE';
        this.tell(isDone ? 'ok' : 'bad', h('p', {},
          h('b', {}, isDone ? 'Done: ' : `${answer.outcome === 'REFUSED' ? 'Refused' : 'Failed'}: `),
          answer.error ?? answer.text, ` (${duration(answer.durationMs)})`));
        confirm.hidden = isDone;
      }
    } catch (problem) {
      if (number === this.tries) {
        this.tell('bad', h('p', {}, h('b', {}, 'Failed: '), problem.message));
      }
    }
    this.done();
  }
}

/** The audit list's entries, all that are kept. */
export async function auditEntries() {
  return (await get('audit')).entries ?? [];
}
