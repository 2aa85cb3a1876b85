// Reads a ZIP archive: as much of the format as a bundle needs, and no byte beyond its limits.

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65535;
const STORED = 0;
const DEFLATED = 8;

const ENTRIES_MAX = 64;
/** Together, when unpacked: a small file can claim to hold very much. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;

function endOf(view) {
  const least = Math.max(0, view.byteLength - END_BYTES - COMMENT_BYTES_MAX);
  for (let at = view.byteLength - END_BYTES; at >= least; at -= 1) {
    if (view.getUint32(at, true) === END) {
      return at;
    }
  }
  throw new Error('this is no ZIP file, or not all of one');
}

async function inflate(packed, bytesLeft) {
  const reader = new Blob([packed]).stream()
    .pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const parts = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return new Blob(parts);
    }
    total += value.length;
    if (total > bytesLeft) {
      await reader.cancel();
      throw new Error(`the file unpacks to more than ${UNPACKED_BYTES_MAX / 1024 / 1024} MiB`);
    }
    parts.push(value);
  }
}

function headers(view) {
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  if (count > ENTRIES_MAX) {
    throw new Error(`the file holds ${count} entries, at most ${ENTRIES_MAX} are read`);
  }
  const found = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i += 1) {
    if (view.getUint32(at, true) !== CENTRAL) {
      throw new Error('the ZIP file is damaged: its directory is not where it should be');
    }
    const nameBytes = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameBytes));
    found.push({
      name,
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      localAt: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

/** All entries as a map from name to text. */
export async function unzip(buffer) {
  try {
    return await entries(buffer);
  } catch (problem) {
    // A length that leads beyond the file's end, or bytes that do not inflate.
    throw problem instanceof RangeError || problem instanceof TypeError
      ? new Error('the ZIP file is damaged', { cause: problem }) : problem;
  }
}

async function entries(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < END_BYTES) {
    throw new Error('this is no ZIP file, or not all of one');
  }
  const texts = new Map();
  let bytesLeft = UNPACKED_BYTES_MAX;
  for (const { name, method, packedBytes, localAt } of headers(view)) {
    if (view.getUint32(localAt, true) !== LOCAL) {
      throw new Error(`the ZIP file is damaged at its entry '${name}'`);
    }
    const from = localAt + 30 + view.getUint16(localAt + 26, true) + view.getUint16(localAt + 28, true);
    const packed = new Uint8Array(buffer, from, packedBytes);
    if (method !== DEFLATED && method !== STORED) {
      throw new Error(`entry '${name}' is packed by method ${method}, which is not known here`);
    }
    const blob = method === STORED ? new Blob([packed]) : await inflate(packed, bytesLeft);
    bytesLeft -= blob.size;
    texts.set(name, await blob.text());
  }
  return texts;
}
