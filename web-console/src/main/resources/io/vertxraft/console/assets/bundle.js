// A diagnostic bundle, opened in the page: it holds all that is shown, so that no member is needed.

import { unzip } from './zip.js';

const FORMAT = 'vertx-raft-bundle';
const FORMAT_VERSION = 1;

function parse(texts, name) {
  const text = texts.get(name);
  if (text === undefined) {
    throw new Error(`the bundle has no ${name}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the bundle's ${name} is no JSON`);
  }
}

/** Whether it has the parts that the page draws; what stands in them is shown as text. */
function isFrame(value) {
  return Number.isFinite(value?.timeMs) && typeof value.banner?.headline === 'string'
    && ['members', 'followers', 'sentences', 'disagreements'].every((part) => Array.isArray(value[part]))
    && value.members.every((member) => typeof member?.nodeId === 'string')
    && Number.isFinite(value.membership?.majority);
}

function lines(text) {
  const frames = [];
  for (const line of (text ?? '').split('\n')) {
    if (line.trim() === '') {
      continue;
    }
    try {
      frames.push(JSON.parse(line));
    } catch {
      // The last line of a bundle that was cut off; what comes before is whole.
      break;
    }
  }
  return frames.filter(isFrame);
}

/** Reads a file; says in words what is wrong with one that is no bundle. */
export async function openBundle(file) {
  const texts = await unzip(await file.arrayBuffer());
  const manifest = parse(texts, 'manifest.json');
  if (manifest.format !== FORMAT) {
    throw new Error(`this is no diagnostic bundle: its format is '${manifest.format}', not '${FORMAT}'`);
  }
  if (manifest.formatVersion > FORMAT_VERSION) {
    throw new Error(
      `the bundle has format version ${manifest.formatVersion}, this page reads up to ${FORMAT_VERSION}: `
      + 'open it with a newer console');
  }
  const state = parse(texts, 'state.json');
  if (!isFrame(state)) {
    throw new Error("the bundle's state.json is no picture of a group");
  }
  const frames = lines(texts.get('history.ndjson'));
  if (frames.length === 0 || frames.at(-1).timeMs < state.timeMs) {
    frames.push(state);
  }
  const events = texts.has('events.json') ? parse(texts, 'events.json').events ?? [] : [];
  const audit = texts.has('audit.json') ? parse(texts, 'audit.json').entries ?? [] : [];
  return { name: file.name, manifest, frames, events, audit };
}
