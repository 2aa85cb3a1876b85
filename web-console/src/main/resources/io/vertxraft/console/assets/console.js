// Joins stream and sections. A frame is kept until the next animation frame, then everything is drawn.

import { charts } from './charts.js';
import { show } from './dom.js';
import { eventLog, mergeEvents } from './eventlog.js';
import { banner, findings } from './findings.js';
import { duration } from './format.js';
import { graph } from './graph.js';
import { History } from './history.js';
import { rulers } from './rulers.js';
import { Stream } from './stream.js';
import { followers } from './tables.js';

const byId = (id) => document.getElementById(id);
const history = new History();

let newest = null;
let events = [];
let scheduled = false;
let announced = '';
let receivedAt = 0;
let linkState = 'connecting';

function schedule() {
  if (!scheduled && newest) {
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      draw(newest);
    });
  }
}

function drawHead(frame) {
  const own = frame.members.find((member) => member.nodeId === frame.seenFrom);
  const group = own?.status ? `${own.status.clusterId} / ${own.status.groupId}` : 'group not known yet';
  byId('group').textContent = group;
  const silent = frame.members.filter((member) => !member.fresh);
  const words = silent.map((member) => `${member.nodeId} silent for ${duration(member.ageMs)}`);
  byId('seen').textContent = [`Seen from ${frame.seenFrom}`, ...words].join('; ');
  document.title = `${frame.leaderId ?? 'no leader'} · ${group} · Raft console`;
}

/** Screen readers hear a change of state, not each new age in the headline. */
function announce(frame) {
  const key = `${frame.health} ${frame.leaderId}`;
  if (key !== announced) {
    announced = key;
    byId('announce').textContent = frame.banner.headline;
  }
}

function draw(frame) {
  drawHead(frame);
  byId('banner').className = `banner ${frame.health.toLowerCase()}`;
  show(byId('banner'), banner(frame));
  announce(frame);
  show(byId('graph-body'), graph(frame, Math.max(280, byId('graph-body').clientWidth)));
  show(byId('findings-body'), findings(frame));
  show(byId('charts-body'), charts(history, frame.timeMs, byId('charts-body').clientWidth));
  show(byId('followers-body'), followers(frame));
  show(byId('rulers-body'), rulers(frame));
  show(byId('events-body'), eventLog(events, frame.seenFrom));
}

function received(frame, isSnapshot) {
  newest = frame;
  receivedAt = performance.now();
  history.add(frame);
  events = mergeEvents(events, frame, isSnapshot);
  schedule();
}

const STATES = { live: 'Live', connecting: 'Connecting', paused: 'Paused' };

/** While nothing arrives, the page says how old it is. */
function tellAge() {
  if (linkState !== 'live' && newest) {
    const ageMs = performance.now() - receivedAt;
    byId('seen').textContent = `No connection to ${newest.seenFrom}; last heard ${duration(ageMs)} ago`;
  }
}

function linkChanged(state) {
  linkState = state;
  const link = byId('link');
  if (link.textContent !== STATES[state]) {
    link.textContent = STATES[state];
    link.className = `pill ${state}`;
    document.body.classList.toggle('cut', state !== 'live' && newest !== null);
  }
}

new Stream('api/v1/stream', received, linkChanged).start();
setInterval(tellAge, 1000);
new ResizeObserver(schedule).observe(document.body);
