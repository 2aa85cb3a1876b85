// Keys. Those with a letter can be switched off, for people whose speech input or tremor would press them.

import { h, show } from './dom.js';

const STORED = 'raft-console-letter-keys';

const LIST = [
  ['?', 'these keys'],
  ['← →', 'one moment back or on'],
  ['Shift ← →', 'to the event before or after'],
  ['Home', 'the oldest moment'],
  ['End, L', 'live'],
  ['T', 'where the newest trouble began'],
  ['M', "a member's own report"],
  ['1 to 9', 'to a section of the page'],
  ['S', 'save a diagnostic bundle'],
  ['O', 'open a diagnostic bundle'],
  ['Esc', 'close what is open'],
];

function isStored() {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

function store(isOn) {
  try {
    localStorage.setItem(STORED, isOn ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Where keys have a meaning of their own. */
function isTaken(target) {
  return target.closest?.('input, select, textarea, [contenteditable], .scroll, dialog, pre') !== null;
}

export class Keys {
  /**
   * @param elements dialog, list, letters
   * @param commands by key: what it does; `section` gets the number of a section
   */
  constructor(elements, commands) {
    this.elements = elements;
    this.commands = commands;
    this.isOn = isStored();
    elements.letters.checked = this.isOn;
    elements.letters.addEventListener('change', () => {
      this.isOn = elements.letters.checked;
      store(this.isOn);
    });
    show(elements.list, LIST.map(([keys, what]) => h('div', {}, h('dt', {}, h('kbd', {}, keys)), h('dd', {}, what))));
    addEventListener('keydown', (event) => this.pressed(event));
  }

  help() {
    this.elements.dialog.showModal();
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target) || document.querySelector('dialog[open]')) {
      return;
    }
    const command = this.commandOf(event);
    if (command) {
      event.preventDefault();
      command();
    }
  }

  commandOf(event) {
    const { commands } = this;
    if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') {
      return commands[event.shiftKey ? `Shift+${event.key}` : event.key];
    }
    if (!this.isOn) {
      return null;
    }
    if (event.key === '?') {
      return () => this.help();
    }
    if (/^[1-9]$/.test(event.key)) {
      return () => commands.section(Number(event.key));
    }
    return event.shiftKey ? null : commands[event.key.toLowerCase()];
  }
}
