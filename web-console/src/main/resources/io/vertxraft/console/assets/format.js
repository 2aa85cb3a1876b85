// Numbers as words, in the same style as the server's sentences.

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 12345 as 12,345; a dash where there is no number. */
export function count(value) {
  return Number.isFinite(value) ? grouped.format(value) : '–';
}

/** Milliseconds as 40 ms, 6.2 s, 12 s, 4 min, 3 h, 2 d. */
export function duration(ms) {
  if (!Number.isFinite(ms) || ms < 0) {
    return '–';
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 10000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  if (ms < 120000) {
    return `${Math.floor(ms / 1000)} s`;
  }
  if (ms < 7200000) {
    return `${Math.floor(ms / 60000)} min`;
  }
  return ms < 172800000 ? `${Math.floor(ms / 3600000)} h` : `${Math.floor(ms / 86400000)} d`;
}

/** `duration` ago, or "never" for the -1 that means so. Below a second nobody reads the digits: they only flicker. */
export function ago(ms) {
  if (ms >= 0 && ms < 1000) {
    return 'just now';
  }
  return ms < 0 ? 'never' : `${duration(ms)} ago`;
}

/** A latency with the digits it deserves: 0.08 ms, 1.4 ms, 120 ms, 2.4 s. */
export function milliseconds(ms) {
  if (!Number.isFinite(ms) || ms < 0) {
    return '–';
  }
  if (ms < 1) {
    return `${Number(ms.toFixed(2))} ms`;
  }
  if (ms < 10) {
    return `${ms.toFixed(1)} ms`;
  }
  return duration(ms);
}

/** A round trip with the digits it deserves. */
export function roundTrip(ms) {
  if (!Number.isFinite(ms) || ms < 0) {
    return '–';
  }
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes as 640 B, 12 KiB, 3.4 MiB, 1.2 GiB. */
export function bytes(value) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  let scaled = value;
  let unit = 0;
  while (scaled >= 1024 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1024;
    unit += 1;
  }
  return `${unit > 0 && scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${BYTE_UNITS[unit]}`;
}

/** Wall-clock time of day to the millisecond. */
export function clock(timeMs) {
  const time = new Date(timeMs);
  const two = (n) => String(n).padStart(2, '0');
  const millis = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${millis}`;
}

/** Time of day to the tenth of a second. */
export function moment(timeMs) {
  return clock(timeMs).slice(0, -2);
}

/** "1 entry", "3 entries". */
export function plural(value, one, many) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const ROLES = {
  LEADER: { kind: 'leader', letter: 'L', word: 'leader' },
  FOLLOWER: { kind: 'follower', letter: 'F', word: 'follower' },
  CANDIDATE: { kind: 'candidate', letter: 'C', word: 'candidate' },
  PRE_CANDIDATE: { kind: 'pre', letter: 'P', word: 'pre-candidate' },
};

const STATES = {
  STARTING: { kind: 'unknown', letter: 'S', word: 'starting' },
  FAILED: { kind: 'failed', letter: 'X', word: 'failed' },
  STOPPED: { kind: 'failed', letter: 'O', word: 'stopped' },
};

/** How a member is drawn and named: kind of shape, letter, word. */
export function roleOf(member) {
  if (!member.status) {
    return { kind: 'unknown', letter: '?', word: 'unknown' };
  }
  return STATES[member.status.state] ?? ROLES[member.status.role] ?? STATES.STARTING;
}

const LEASES = {
  EXPIRED: 'no lease', NOT_READY: 'lease not ready', DISABLED: 'lease given up',
};

/** A leader's lease in a few words. */
export function leaseWords(lease) {
  if (lease?.state === 'VALID') {
    return `lease ${duration(Math.floor(lease.remainingMicros / 1000))}`;
  }
  return LEASES[lease?.state] ?? 'lease not known';
}

const MEMBER_KINDS = 8;

/** A member's colour and dash in charts, by its place in the group. */
export function memberKind(place) {
  return `m${place % MEMBER_KINDS}`;
}
