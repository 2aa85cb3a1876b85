// Five steps through a demo that may be broken: see the leader, kill it, cut a link one way, scrub back, read why.

import { act, Refused } from './api.js';
import { h, show } from './dom.js';
import { duration } from './format.js';
import { links } from './graph.js';

const membersOf = (action) => (action?.parameters ?? []).filter((parameter) => parameter.type === 'member');

/** The demo's own actions that the tour needs: kill one member, restart, cut from one to another, heal; or null. */
export function tourActions(actions) {
  const demo = (name, members) => actions.find((action) => action.kind === 'demo'
    && action.name.startsWith(name) && members.includes(membersOf(action).length));
  const found = {
    kill: demo('kill', [1]), restart: demo('restart', [0, 1]), cut: demo('cut', [2]), heal: demo('heal', [0]),
    transfer: actions.find((action) => action.kind === 'raft' && action.name === 'transfer'),
  };
  return Object.values(found).every(Boolean) ? found : null;
}

/** Between two leaders there is nothing to do but wait. */
const NOT_NOW = 'Waiting for a leader';

function cutButton({ leader, follower, seenFrom }) {
  if (!leader || !follower) {
    return NOT_NOW;
  }
  return leader === seenFrom ? `Hand over to ${follower}` : `Cut ${leader} → ${follower}`;
}

const STEPS = [
  {
    title: 'See the leader',
    section: 'graph',
    text: (tour) => `${tour.leader ?? 'Nobody yet'} leads: the filled hexagon. Every write goes through it to the others, `
      + 'along the arrows. The banner says for how long, and how many failures the group survives.',
    isDone: (tour) => tour.leader !== null,
  },
  {
    title: 'Kill it',
    section: 'banner',
    text: (tour) => (tour.killed === null
      ? `End ${tour.leader ?? 'the leader'} as a crash would. The others notice the silence and elect one of themselves.`
      : tour.successor === null
        ? `${tour.killed} is gone. The others wait for it, then ask each other for votes.`
        : `${tour.successor} took over ${duration(tour.successorMs - tour.killedMs)} after ${tour.killed} was killed. `
          + 'The band at the foot of the page keeps the gap.'),
    button: (tour) => tour.killed === null && (tour.leader ? `Kill ${tour.leader}` : NOT_NOW),
    run: (tour) => tour.kill(),
    isDone: (tour) => tour.successor !== null,
  },
  {
    title: 'Cut a link one way',
    section: 'graph',
    text: (tour) => (tour.cut === null
      ? tour.leader !== null && tour.leader === tour.seenFrom
        ? `This page is served by ${tour.leader}, the leader itself. A cut is best watched by a third member: hand over first.`
        : 'Bring the dead member back, then cut one direction only: from the leader to a follower. Many consoles show such a '
          + 'link as whole.'
      : tour.isCutSeen
        ? `The arrow from ${tour.cut.from} to ${tour.cut.to} is broken, the one back is whole: each is told by its receiver.`
        : `Nothing passes from ${tour.cut.from} to ${tour.cut.to} any more. In a few seconds that is silence.`),
    button: (tour) => tour.cut === null && cutButton(tour),
    run: (tour) => (tour.leader === tour.seenFrom ? tour.handOver() : tour.cutOneWay()),
    isDone: (tour) => tour.isCutSeen,
  },
  {
    title: 'Scrub back',
    section: 'timebar',
    text: (tour) => (tour.isPast
      ? 'This is the group as it was then. Arrow keys go from moment to moment, and the address of the page names this one: '
        + 'send it to a colleague.'
      : 'Everything you saw is kept. Drag the slider at the foot of the page, press ←, or jump to when the leader was gone.'),
    button: (tour) => !tour.isPast && 'Back to the kill',
    run: (tour) => tour.back(),
    isDone: (tour) => tour.isPast,
  },
  {
    title: 'Read why',
    section: 'findings',
    text: () => 'The findings say what is wrong and what that rests on: who reported it, and how old that is. The events tell '
      + 'what led to what. The last button mends everything.',
    button: () => 'Mend everything and go live',
    run: (tour) => tour.mend(),
    isDone: () => true,
  },
];

/** What the member answers if it did not do what it was asked for. */
class NotDone extends Error {}

export class Tour {
  /**
   * @param panel where it is drawn
   * @param travel the moment that is shown
   * @param highlight called with the section a step speaks of, null for none
   */
  constructor(panel, travel, highlight) {
    this.panel = panel;
    this.travel = travel;
    this.highlight = highlight;
    this.step = null;
    this.problem = null;
    this.isRunning = false;
  }

  start(actions) {
    this.actions = actions;
    Object.assign(this, {
      step: 0, killed: null, killedMs: 0, restartedMs: null, successor: null, successorMs: 0, cut: null, isCutSeen: false, problem: null });
    this.panel.hidden = false;
    this.highlight(STEPS[0].section);
    this.draw();
    this.panel.querySelector('h2').focus();
  }

  end() {
    this.step = null;
    this.panel.hidden = true;
    this.highlight(null);
  }

  get isPast() {
    return !this.travel.isLive;
  }

  /** Takes notice of a live frame. */
  saw(frame) {
    if (this.step === null) {
      return;
    }
    this.leader = frame.leaderId ?? null;
    this.nowMs = frame.timeMs;
    /** Those that report; of the one that was killed only what it has said since it was started again counts. */
    this.members = frame.members.filter((member) => member.fresh && (member.nodeId !== this.killed
      || (this.restartedMs !== null && frame.timeMs - member.ageMs > this.restartedMs))).map((member) => member.nodeId);
    this.seenFrom = frame.seenFrom;
    // Neither end of the cut is to serve this page: it would not hear the other end's report.
    this.follower = frame.members.map((member) => member.nodeId)
      .filter((nodeId) => nodeId !== this.leader && nodeId !== this.seenFrom).at(-1) ?? null;
    if (this.killed !== null && this.successor === null && this.leader !== null && this.leader !== this.killed) {
      this.successor = this.leader;
      this.successorMs = frame.timeMs;
    }
    if (this.cut !== null && !this.isCutSeen) {
      const all = links(frame).flat();
      const state = (from, to) => all.find((link) => link.from === from && link.to === to)?.state;
      this.isCutSeen = state(this.cut.from, this.cut.to) === 'silent' && state(this.cut.to, this.cut.from) === 'ok';
    }
    this.draw();
    this.onFrame?.();
  }

  async kill() {
    const killed = this.leader;
    // The page may be served by the member that dies: then its answer does not arrive.
    Object.assign(this, { killed, killedMs: this.nowMs });
    try {
      await this.do(this.actions.kill, { [membersOf(this.actions.kill)[0].name]: killed });
    } catch (problem) {
      const isAnswer = problem instanceof NotDone || (problem instanceof Refused && problem.status > 0 && problem.status < 500);
      if (isAnswer) {
        this.killed = null;
        throw problem;
      }
    }
  }

  async cutOneWay() {
    const [from, to] = membersOf(this.actions.cut);
    const cut = { from: this.leader, to: this.follower };
    await this.restart();
    await this.do(this.actions.cut, { [from.name]: cut.from, [to.name]: cut.to });
    this.cut = cut;
  }

  async handOver() {
    await this.restart();
    // Who is not up yet cannot take over.
    while (!this.members.includes(this.follower)) {
      await new Promise((seen) => { this.onFrame = seen; });
    }
    await this.do(this.actions.transfer, { [membersOf(this.actions.transfer)[0].name]: this.follower });
  }

  async back() {
    const { timeline } = this.travel;
    const spans = timeline.spans.filter((span) => span.toMs >= this.killedMs && span.fromMs <= this.successorMs);
    const gone = spans.find((span) => span.health === 'NO_LEADER') ?? spans.find((span) => span.health !== 'HEALTHY');
    this.travel.go(gone?.fromMs ?? timeline.floorAfter(this.killedMs));
  }

  async mend() {
    if (this.cut !== null) {
      await this.do(this.actions.heal, {});
    }
    await this.restart();
    this.travel.live();
    this.end();
  }

  /** The member that was killed; if it is up again, there is nothing to do. */
  async restart() {
    const [which] = membersOf(this.actions.restart);
    if (this.killed !== null && this.restartedMs === null) {
      await this.do(this.actions.restart, which ? { [which.name]: this.killed } : {});
      this.restartedMs = this.nowMs;
    }
  }

  async do(action, parameters) {
    const answer = await act(action.name, parameters, false);
    if (answer.outcome !== 'DONE') {
      throw new NotDone(answer.error ?? answer.text);
    }
  }

  async run() {
    this.isRunning = true;
    this.problem = null;
    this.draw();
    try {
      await STEPS[this.step].run(this);
    } catch (problem) {
      this.problem = problem.message;
    }
    this.isRunning = false;
    this.draw();
  }

  next() {
    this.step += 1;
    this.problem = null;
    this.highlight(STEPS[this.step].section);
    this.draw();
  }

  draw() {
    if (this.step === null) {
      return;
    }
    const step = STEPS[this.step];
    const button = step.button?.(this);
    const isLast = this.step === STEPS.length - 1;
    show(this.panel,
      h('p', { class: 'muted' }, `Tour, step ${this.step + 1} of ${STEPS.length}`),
      h('h2', { tabindex: -1 }, step.title),
      h('p', { class: 'tour-text', 'aria-live': 'polite' }, step.text(this)),
      this.problem && h('p', { class: 'problem' }, this.problem),
      h('p', { class: 'tour-buttons' },
        button && h('button', {
          class: 'button primary', type: 'button', 'data-key': 'run', 'data-act': 'tour-run',
          disabled: this.isRunning || button === NOT_NOW }, button),
        !isLast && h('button', {
          class: button ? 'button' : 'button primary', type: 'button', 'data-key': 'next', 'data-act': 'tour-next',
          disabled: !step.isDone(this) }, 'Next'),
        h('button', { class: 'quiet', type: 'button', 'data-key': 'end', 'data-act': 'tour-end' }, 'End the tour')));
  }
}
