// Finds the parts of the document once, and joins buttons to what they do.

const byId = (id) => document.getElementById(id);

/** Elements of the page by the names the modules use. */
export function elements() {
  const all = (names) => Object.fromEntries(
    Object.entries(names).map(([name, id]) => [name, byId(id)]));
  return {
    page: all({
      group: 'group', groupsLink: 'groups-link', seen: 'seen', link: 'link', banner: 'banner', announce: 'announce',
      graph: 'graph-body', findings: 'findings-body', membership: 'membership-body', charts: 'charts-body',
      chartKey: 'charts-key', chartsTitle: 'charts-title', followers: 'followers-body', rulers: 'rulers-body',
      events: 'events-body', actions: 'actions', actionsBody: 'actions-body', audit: 'audit', auditBody: 'audit-body',
      log: 'log', tourOffer: 'tour-offer', save: 'save', open: 'open', file: 'file', problem: 'problem',
    }),
    time: all({ track: 'track', slider: 'slider', live: 'live', told: 'told' }),
    member: all({ dialog: 'member', title: 'member-title', body: 'member-body' }),
    action: all({
      dialog: 'action', title: 'action-title', about: 'action-about', fields: 'action-fields', outcome: 'action-outcome',
      confirm: 'action-confirm',
    }),
    keys: all({ dialog: 'help', list: 'help-list', letters: 'help-letters' }),
    log: all({
      body: 'log-body', from: 'log-from', older: 'log-older', newer: 'log-newer', newest: 'log-newest',
      payloads: 'log-payloads', state: 'log-state',
    }),
    tour: byId('tour'),
    sections: [...document.querySelectorAll('main > section, main .grid > section')],
  };
}

/** Calls the handler that an element with `data-act` names, for clicks and for Enter and Space on drawings. */
export function delegate(handlers) {
  const run = (event) => {
    const source = event.target.closest?.('[data-act]');
    const handler = source && handlers[source.dataset.act];
    if (handler) {
      event.preventDefault();
      handler(source);
    }
  };
  document.addEventListener('click', run);
  document.addEventListener('keydown', (event) => {
    const isDrawing = event.target instanceof SVGElement;
    if (isDrawing && (event.key === 'Enter' || event.key === ' ')) {
      run(event);
    }
  });
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.addEventListener('click', (event) => {
      // The backdrop is the dialog itself; what is in it lies in a child.
      if (event.target === dialog) {
        dialog.close();
      }
    });
  }
}

/** Calls back with a file that was chosen or dropped. */
export function files(input, opened) {
  input.addEventListener('change', () => {
    if (input.files.length > 0) {
      opened(input.files[0]);
      input.value = '';
    }
  });
  addEventListener('dragover', (event) => {
    if (event.dataTransfer.types.includes('Files')) {
      event.preventDefault();
      document.body.classList.add('dropping');
    }
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) {
      document.body.classList.remove('dropping');
    }
  });
  addEventListener('drop', (event) => {
    document.body.classList.remove('dropping');
    if (event.dataTransfer.files.length > 0) {
      event.preventDefault();
      opened(event.dataTransfer.files[0]);
    }
  });
}
