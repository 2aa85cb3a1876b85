// A member's snapshots: the newest one, what is being done about another, and how far that is.

import { h } from './dom.js';
import { bytes, count, duration } from './format.js';

/** How much of a snapshot is there: a whole percentage, or null while its size is not known. */
export function percent(done, total) {
  return total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : null;
}

/** A bar with its words; without a size it only says that something goes on. */
export function bar(label, done, total) {
  const value = percent(done, total);
  return h('progress', {
    class: 'bar', max: 100, value, 'aria-label': label,
    'aria-valuetext': value === null ? `${bytes(done)}, size not known` : `${value} %` });
}

const ACTIVITIES = {
  SAVING: (s) => `Saves one at index ${count(s.activityIndex)}`,
  DOWNLOADING: (s) => `Fetches one at index ${count(s.activityIndex)}${s.source ? ` from ${s.source}` : ''}`,
  LOADING: (s) => `Loads the one at index ${count(s.activityIndex)}`,
};

const SHORT = { SAVING: 'saves a snapshot', DOWNLOADING: 'fetches a snapshot', LOADING: 'loads a snapshot' };

/** What is under way in few words, or null. */
export function activityWords(snapshots) {
  const what = SHORT[snapshots?.activity];
  const value = what && percent(snapshots.bytesDone, snapshots.bytesTotal);
  return what ? what + (value === null ? '' : ` ${value} %`) : null;
}

function amount(s) {
  const value = percent(s.bytesDone, s.bytesTotal);
  if (value === null) {
    return s.bytesDone > 0 && bytes(s.bytesDone);
  }
  return `${value} %, ${bytes(s.bytesDone)} of ${bytes(s.bytesTotal)}`;
}

/** Always one line, so that nothing below moves when something begins or ends. */
function activity(s) {
  const words = ACTIVITIES[s.activity];
  if (!words) {
    return h('p', { class: 'activity muted' }, 'No snapshot is being saved, fetched or loaded');
  }
  const label = `${words(s)} for ${duration(s.activityAgeMs)}`;
  return h('p', { class: 'activity' },
    bar(label, s.bytesDone, s.bytesTotal),
    h('span', {}, [label, amount(s)].filter(Boolean).join(': ')));
}

function newest(s, ageMs) {
  if (!s.lastIndex) {
    return 'No snapshot yet';
  }
  const text = [
    `Snapshot up to ${count(s.lastIndex)}`,
    bytes(s.bytes),
    `taken ${duration(Math.max(0, ageMs))} ago`,
    `${count(s.kept.length)} kept`,
  ];
  return text.join(' · ');
}

/** The part of a member's report that tells of its snapshots. */
export function snapshotLines(member) {
  const { status } = member;
  const s = status.snapshots;
  if (!s) {
    return null;
  }
  return h('div', { class: 'snapshots' },
    h('p', { class: 'newest' }, newest(s, status.timeMs - s.savedAtMs + member.ageMs)),
    member.fresh && activity(s),
    s.lastFailure && h('p', { class: 'problem' }, `The last snapshot failed: ${s.lastFailure}`));
}

/** How far a follower's snapshot is, as its leader sees it. */
export function followerSnapshot(follower) {
  const value = percent(follower.snapshotBytesDone, follower.snapshotBytesTotal);
  const label = `Snapshot up to ${count(follower.snapshotIndex)} for ${follower.nodeId}`;
  return h('span', { class: 'inline-activity' },
    bar(label, follower.snapshotBytesDone, follower.snapshotBytesTotal),
    value === null ? 'snapshot' : `snapshot ${value} %`);
}
