// Requests to the member this page is served by. Addresses are relative, so that any mount works.

/** An answer that is not what was asked for, with the server's own words. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.error ?? `the member answered ${status}`);
    this.status = status;
    this.body = body ?? {};
  }
}

/** The member's answer, or in words that there is none. */
async function request(address, options) {
  try {
    return await fetch(address, { ...options, cache: 'no-store' });
  } catch {
    throw new Refused(0, { error: 'the member cannot be reached' });
  }
}

async function read(response) {
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
  const body = isJson ? await response.json() : null;
  if (!response.ok) {
    throw new Refused(response.status, body);
  }
  if (!isJson) {
    throw new Refused(response.status, { error: 'the answer is no JSON: the page may be behind a sign-in' });
  }
  return body;
}

/** `api/v1/` + path + the parameters that have a value, as JSON. */
export async function get(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return read(await request(`api/v1/${path}${text ? `?${text}` : ''}`, { headers: { Accept: 'application/json' } }));
}

/** Runs an action, or only asks what it would do. What was refused or failed is an answer too. */
export async function act(name, parameters, isDryRun) {
  const response = await request(
    `api/v1/actions/${encodeURIComponent(name)}${isDryRun ? '?dryRun=true' : ''}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Raft-Console': '1' },
      body: JSON.stringify(parameters),
    });
  try {
    return await read(response);
  } catch (problem) {
    if (problem instanceof Refused && problem.body.outcome) {
      return problem.body;
    }
    throw problem;
  }
}
