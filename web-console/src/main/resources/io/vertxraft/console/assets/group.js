// The page of one group: takes frames, from the stream or from a bundle, and draws the one that is looked at.

import { ActionDialog, actionButtons, auditEntries, auditList, memberActions } from './actions.js';
import { get } from './api.js';
import { openBundle } from './bundle.js';
import { chartKey, charts, chartWidth, spanOf } from './charts.js';
import { show, webAddress } from './dom.js';
import { eventLog } from './eventlog.js';
import { banner, findings, messageBanner } from './findings.js';
import { ago, duration, moment } from './format.js';
import { graph } from './graph.js';
import { History } from './history.js';
import { Keys } from './keys.js';
import { LogView } from './logview.js';
import { memberReport } from './members.js';
import { membership } from './membership.js';
import { Recording } from './recording.js';
import { rulers } from './rulers.js';
import { delegate, elements, files } from './shell.js';
import { Stream } from './stream.js';
import { followers } from './tables.js';
import { TimeBar } from './timebar.js';
import { Timeline } from './timeline.js';
import { Tour, tourActions } from './tour.js';
import { Travel } from './travel.js';

/** Without a frame for this long, the page says that what it shows is old. */
const CUT_MS = 2500;
/** So often it then asks why. */
const ASK_MS = 3000;
/** About a pixel of a chart: there is nothing new to see more often. */
const CHART_STEP_MS = 400;
const PILLS = {
  live: 'Connected', connecting: 'Connecting', paused: 'Paused', lost: 'No connection', bundle: 'Bundle',
};
const EMPTY = { actions: [], endpoints: [], memberConsoles: {} };

export class GroupPage {
  constructor() {
    this.at = elements();
    this.timeline = new Timeline();
    this.history = new History();
    this.recording = new Recording(this.timeline, this.history);
    this.travel = new Travel(this.timeline, (timeMs) => this.recording.frameAt(timeMs), () => this.schedule());
    this.bar = new TimeBar(this.travel, this.at.time);
    this.tour = new Tour(this.at.tour, this.travel, (section) => this.highlight(section));
    this.dialog = new ActionDialog(this.at.action, () => ({
      actions: this.capabilities.actions, members: this.newest?.members.map((member) => member.nodeId) ?? [],
      consoles: this.capabilities.memberConsoles,
    }), () => this.readAudit());
    this.logView = new LogView(this.at.log);
    this.capabilities = EMPTY;
    this.newest = null;
    this.bundle = null;
    this.stream = null;
    this.linkState = 'connecting';
    this.reason = null;
    this.down = new Set();
    this.openMember = null;
    this.hoverMs = null;
    this.audit = [];
    this.askedAt = 0;
    this.isScheduled = false;
    this.join();
  }

  get isOffline() {
    return this.bundle !== null;
  }

  /** The frame that is drawn: of the moment looked at, or the newest. */
  get frame() {
    return this.travel.isLive ? this.newest : this.travel.frame ?? this.newest;
  }

  join() {
    const { page, keys, member } = this.at;
    delegate({
      live: () => this.travel.live(),
      back: () => this.travel.step(-1),
      on: () => this.travel.step(1),
      trouble: () => this.travel.trouble(),
      go: (source) => this.travel.go(this.timeline.floorAfter(Number(source.dataset.at))),
      member: (source) => this.openReport(source.dataset.member),
      seat: (source) => this.tick(source.dataset.member),
      'seats-back': () => this.tick(null),
      action: ({ dataset }) => this.dialog.open(
        dataset.action, dataset.parameter ? { [dataset.parameter]: dataset.member } : {}),
      help: () => this.keys.help(),
      open: () => page.file.click(),
      'close-bundle': () => location.replace(location.pathname + location.search),
      close: (source) => source.closest('dialog').close(),
      tour: () => this.tour.start(tourActions(this.capabilities.actions)),
      'tour-run': () => this.tour.run(),
      'tour-next': () => this.tour.next(),
      'tour-end': () => this.tour.end(),
    });
    this.keys = new Keys(keys, {
      ArrowLeft: () => this.travel.step(-1),
      ArrowRight: () => this.travel.step(1),
      'Shift+ArrowLeft': () => this.travel.stepEvent(-1),
      'Shift+ArrowRight': () => this.travel.stepEvent(1),
      Home: () => this.travel.first(),
      End: () => this.travel.live(),
      l: () => this.travel.live(),
      t: () => this.travel.trouble(),
      m: () => this.frame && this.openReport(this.frame.leaderId ?? this.frame.seenFrom),
      s: () => !page.save.hidden && page.save.click(),
      o: () => page.file.click(),
      section: (number) => this.goTo(number),
    });
    files(page.file, (file) => this.openFile(file));
    member.dialog.addEventListener('close', () => { this.openMember = null; });
    page.charts.addEventListener('pointermove', (event) => this.hover(event));
    page.charts.addEventListener('pointerleave', () => this.hover(null));
    page.charts.addEventListener('click', () => this.hoverMs !== null && this.travel.go(this.hoverMs));
    new ResizeObserver(() => this.schedule()).observe(document.body);
    setInterval(() => this.tellAge(), 500);
    this.logView.draw();
  }

  /** The member has told what it can. */
  start(capabilities) {
    this.capabilities = { ...EMPTY, ...capabilities };
    const { page } = this.at;
    const { actions, endpoints, groups } = this.capabilities;
    page.actions.hidden = actions.length === 0;
    show(page.actionsBody, actionButtons(actions));
    page.audit.hidden = !endpoints.includes('audit');
    page.log.hidden = !endpoints.includes('log');
    page.save.hidden = !endpoints.includes('diagnostics.zip');
    page.tourOffer.hidden = tourActions(actions) === null;
    page.groupsLink.hidden = !groups?.href;
    page.groupsLink.setAttribute('href', webAddress(groups?.href) ?? '');
    // Before the address is read: the moment it names is not here yet.
    this.recording.hasServer = endpoints.includes('history');
    this.travel.start();
    this.stream = new Stream('api/v1/stream', (...frame) => this.received(...frame), (state) => this.linked(state));
    this.stream.start();
    this.readAudit();
  }

  /** Nothing has come from the member yet, for this reason. */
  unreachable(reason) {
    this.reason = reason;
    if (!this.isOffline) {
      this.linked('lost');
    }
  }

  hide() {
    this.isHidden = true;
    document.body.classList.remove('waiting');
    this.at.sections.forEach((section) => { section.hidden = true; });
  }

  received(frame, isSnapshot, epoch) {
    if (this.isOffline) {
      return;
    }
    if (isSnapshot && this.epoch !== epoch) {
      this.timeline.forgetEvents();
      this.epoch = epoch;
    }
    const isAuditNews = (frame.auditNewest ?? 0) !== (this.newest?.auditNewest ?? 0);
    this.newest = frame;
    this.receivedAt = performance.now();
    this.reason = null;
    this.recording.add(frame);
    if (isSnapshot && this.capabilities.endpoints.includes('history')) {
      this.recording.load(this.capabilities.history?.ms || this.timeline.keepMs)
        .then(() => this.drawChartsAnew(), () => { /* What came since is here all the same. */ });
    }
    if (isAuditNews) {
      this.readAudit();
    }
    this.tour.saw(frame);
    this.schedule();
  }

  async readAudit() {
    if (this.capabilities.endpoints.includes('audit')) {
      try {
        this.audit = await auditEntries();
        this.schedule();
      } catch {
        // The list stays as it was; the link's own state says that the member is away.
      }
    }
  }

  async openFile(file) {
    const { page } = this.at;
    try {
      const bundle = await openBundle(file);
      this.stream?.stop();
      this.bundle = bundle;
      this.capabilities = EMPTY;
      this.recording.open(bundle);
      this.newest = bundle.frames.at(-1);
      this.audit = bundle.audit;
      page.actions.hidden = true;
      page.tourOffer.hidden = true;
      page.save.hidden = true;
      page.log.hidden = true;
      page.audit.hidden = bundle.audit.length === 0;
      page.problem.textContent = '';
      document.body.classList.add('offline');
      this.tour.end();
      this.linked('bundle');
      this.travel.go(this.timeline.lastMs);
    } catch (problem) {
      page.problem.textContent = `${file.name} cannot be opened: ${problem.message}`;
    }
  }

  tick(nodeId) {
    if (nodeId === null) {
      this.down.clear();
    } else if (!this.down.delete(nodeId)) {
      this.down.add(nodeId);
    }
    this.schedule();
  }

  openReport(nodeId) {
    this.openMember = nodeId;
    this.schedule();
    if (!this.at.member.dialog.open) {
      this.draw();
      this.at.member.dialog.showModal();
    }
  }

  goTo(number) {
    const shown = this.at.sections.filter((section) => !section.hidden && section.querySelector('h2'));
    const section = shown[number - 1];
    section?.scrollIntoView({ block: 'start' });
    section?.querySelector('h2')?.focus({ preventScroll: true });
  }

  highlight(name) {
    document.querySelectorAll('.spoken-of').forEach((section) => section.classList.remove('spoken-of'));
    if (name !== null) {
      const section = document.getElementById(name);
      section.classList.add('spoken-of');
      section.scrollIntoView({ block: 'nearest' });
    }
  }

  hover(event) {
    const drawing = event?.target.closest?.('svg');
    if (!drawing || !this.frame) {
      this.hoverMs = null;
    } else {
      const box = drawing.getBoundingClientRect();
      const { fromMs, toMs } = this.span();
      this.hoverMs = fromMs + ((event.clientX - box.left) / box.width) * (toMs - fromMs);
    }
    this.schedule();
  }

  span() {
    return spanOf(this.timeline.lastMs ?? this.frame.timeMs, this.travel.atMs);
  }

  linked(state) {
    this.linkState = state;
    this.schedule();
  }

  get isCut() {
    return !this.isOffline && this.linkState !== 'live' && this.newest !== null
      && performance.now() - this.receivedAt > CUT_MS;
  }

  /** While nothing arrives, the page says how old it is. */
  tellAge() {
    if (this.linkState !== 'live' && !this.isOffline) {
      this.schedule();
    }
    if (this.isCut && performance.now() - this.askedAt > ASK_MS) {
      this.askWhy();
    }
  }

  /** A stream that fails does not say why; an ordinary request does. */
  async askWhy() {
    this.askedAt = performance.now();
    try {
      await get('capabilities');
      this.reason = null;
    } catch (problem) {
      this.reason = problem.message;
    }
  }

  schedule() {
    if (!this.isScheduled && !this.isHidden) {
      this.isScheduled = true;
      requestAnimationFrame(() => {
        this.isScheduled = false;
        if (!this.isHidden) {
          this.draw();
        }
      });
    }
  }

  drawHead(frame) {
    const { page } = this.at;
    const state = this.isCut ? 'lost' : this.linkState;
    page.link.className = `pill ${state}`;
    page.link.textContent = PILLS[state];
    document.body.classList.toggle('cut', this.isCut);
    document.body.classList.toggle('past', !this.travel.isLive && !this.isOffline);
    document.body.classList.toggle('waiting', frame === null);
    if (frame === null) {
      return;
    }
    const report = frame.members.find((member) => member.status)?.status;
    const group = report ? `${report.clusterId} / ${report.groupId}` : 'group not known yet';
    page.group.textContent = group;
    const silent = frame.members.filter((member) => !member.fresh && member.ageMs >= 1000);
    const words = silent.map((member) => `${member.nodeId} silent for ${duration(member.ageMs)}`);
    page.seen.textContent = [`Seen from ${frame.seenFrom}`, ...words].join('; ');
    document.title = `${frame.leaderId ?? 'no leader'} · ${group} · Raft console`;
  }

  /** Whose view this is, and of when. */
  meta(frame) {
    const { travel } = this;
    if (this.isOffline) {
      const { manifest, name } = this.bundle;
      const reason = manifest.reason ? `, ${manifest.reason}` : '';
      return `${name}: seen from ${frame.seenFrom} at ${moment(frame.timeMs)}; saved ${moment(manifest.createdAtMs)}${reason}`;
    }
    if (!travel.isLive) {
      const behindMs = Math.max(0, (this.timeline.lastMs ?? frame.timeMs) - frame.timeMs);
      const problem = travel.problem ? ` · ${travel.problem}` : '';
      return `As it was at ${moment(frame.timeMs)}, ${ago(behindMs)}, seen from ${frame.seenFrom}${problem}`;
    }
    const oldest = Math.max(0, ...frame.members.filter((member) => member.fresh).map((member) => member.ageMs));
    return `Seen from ${frame.seenFrom}; the oldest report in it is ${oldest < 1000 ? 'under 1 s' : duration(oldest)} old`;
  }

  drawBanner(frame) {
    const { banner: place, announce } = this.at.page;
    const health = frame === null || this.isCut ? 'lost' : frame.health.toLowerCase();
    place.className = `banner ${health}`;
    if (this.isCut) {
      const seconds = duration(performance.now() - this.receivedAt);
      show(place, messageBanner(`No connection to ${this.newest.seenFrom} for ${seconds}`,
        `What you see was so at ${moment(this.newest.timeMs)}${this.reason ? ` · ${this.reason}` : ''} · trying again`));
    } else if (frame === null) {
      show(place, this.linkState === 'lost'
        ? messageBanner('No answer from the member', `${this.reason ?? 'not reachable'} · trying again`)
        : messageBanner('Waiting for the first report', 'The member asks the others for theirs'));
    } else {
      show(place, banner(frame, this.meta(frame)));
    }
    // Screen readers hear a change of state, not each new age in the headline.
    const key = frame === null ? health : `${health} ${frame.leaderId} ${this.travel.isLive}`;
    if (key !== this.announced) {
      this.announced = key;
      announce.textContent = frame === null || this.isCut
        ? place.textContent : `${this.travel.isLive ? '' : 'Looking back: '}${frame.banner.headline}`;
    }
  }

  drawCharts(frame) {
    const { charts: body, chartKey: key, chartsTitle } = this.at.page;
    const members = frame.members.map((member) => member.nodeId);
    const span = this.span();
    const { atMs } = this.travel;
    const step = Math.floor(span.toMs / CHART_STEP_MS);
    const drawn = [step, atMs, this.hoverMs, this.history.points.length > 1, body.clientWidth, ...members].join(' ');
    if (drawn === this.chartsDrawn) {
      return;
    }
    this.chartsDrawn = drawn;
    const points = this.history.between(span.fromMs - this.history.gapMs, span.toMs);
    if (!this.travel.isLive && (points.length === 0 || points[0].timeMs > span.fromMs + this.history.gapMs)) {
      this.recording.fill(span.fromMs, span.toMs).then(() => this.drawChartsAnew(), () => { /* Shown as a hole. */ });
    }
    const told = this.hoverMs ?? atMs;
    const isNow = atMs === null;
    chartsTitle.textContent = told === null ? 'Last two minutes' : `Two minutes, told of ${moment(told)}`;
    show(key, chartKey(members));
    show(body, charts({
      points, members, span, atMs, gapMs: this.history.gapMs, hoverMs: this.hoverMs, toldMs: told ?? span.toMs,
      width: chartWidth(body),
      events: this.timeline.events.filter((event) =>
        event.type === 'LEADER_CHANGED' && event.timeMs >= span.fromMs && event.timeMs <= span.toMs),
      fromWord: isNow ? '2 min ago' : moment(span.fromMs).slice(0, -2),
      toWord: isNow ? 'now' : moment(span.toMs).slice(0, -2),
    }));
  }

  drawChartsAnew() {
    this.chartsDrawn = null;
    this.schedule();
  }

  drawMember(frame) {
    const { title, body } = this.at.member;
    if (this.openMember !== null) {
      title.textContent = this.openMember;
      const canAct = this.travel.isLive && !this.isOffline;
      show(body, memberReport(frame, this.openMember, this.capabilities.memberConsoles?.[this.openMember],
        canAct && memberActions(this.capabilities.actions, this.openMember)));
    }
  }

  draw() {
    const { page } = this.at;
    const { frame } = this;
    this.drawHead(frame);
    this.drawBanner(frame);
    this.bar.draw();
    if (frame === null) {
      return;
    }
    show(page.graph, graph(frame, Math.max(280, page.graph.clientWidth)));
    show(page.findings, findings(frame));
    show(page.membership, membership(frame, this.down));
    this.drawCharts(frame);
    show(page.followers, followers(frame));
    show(page.rulers, rulers(frame));
    this.drawEvents(frame);
    this.drawMember(frame);
  }

  /** Long lists that rarely change are drawn only then. */
  drawEvents(frame) {
    const { firstMs, lastMs } = this.timeline;
    const events = this.timeline.eventsUntil(this.travel.isLive ? Infinity : frame.timeMs);
    const canTravel = ({ timeMs }) => firstMs !== null && timeMs >= firstMs && timeMs <= lastMs;
    const key = [frame.seenFrom, events.length, events[0]?.sequence, events.filter(canTravel).length].join(' ');
    if (key !== this.eventsKey) {
      this.eventsKey = key;
      show(this.at.page.events, eventLog(events, frame.seenFrom, canTravel));
    }
    if (this.audit !== this.auditDrawn) {
      this.auditDrawn = this.audit;
      show(this.at.page.auditBody, auditList(this.audit));
    }
  }
}
