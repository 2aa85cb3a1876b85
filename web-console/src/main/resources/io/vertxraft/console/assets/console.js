// Begins: asks what is here, one group or several, and shows the page for it.

import { get } from './api.js';
import { GroupPage } from './group.js';
import { Groups } from './groups.js';

const RETRY_MS = 3000;

const byId = (id) => document.getElementById(id);

function showGroups(capabilities) {
  document.body.classList.add('many');
  byId('group').textContent = capabilities.clusterId ?? 'groups of this process';
  document.title = 'Groups · Raft console';
  byId('seen').textContent = capabilities.nodeId ? `Seen from ${capabilities.nodeId}` : '';
  const link = byId('link');
  const groups = new Groups({
    section: byId('groups'), search: byId('groups-search'), sort: byId('groups-sort'), counts: byId('groups-counts'),
    body: byId('groups-body'), previous: byId('groups-previous'), next: byId('groups-next'), place: byId('groups-place'),
  }, (state) => {
    link.textContent = state === 'live' ? 'Connected' : 'No connection';
    link.className = `pill ${state}`;
  });
  byId('groups').hidden = false;
  groups.read();
}

/** Until the member answers, the page says why not; a bundle can be opened without one. */
async function begin(page) {
  while (!page.isOffline) {
    try {
      const capabilities = await get('capabilities');
      if (page.isOffline) {
        return;
      }
      if (capabilities.kind === 'groups') {
        page.hide();
        showGroups(capabilities);
      } else {
        page.start(capabilities);
      }
      return;
    } catch (problem) {
      page.unreachable(problem.message);
    }
    await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
  }
}

begin(new GroupPage());
