// A first look at the record while it grows. It asks the same questions as anybody: nothing here is counted
// or decided in the browser.
const REFRESH_MILLISECONDS = 2000;
const QUESTION = `query ($filter: FrameFilter) {
  frames(first: 40, filter: $filter) {
    totalCount
    nodes { id station time loggedAt direction protocol kind messageId action fault text bytes position { partition offset } }
  }
  frameCounts { total byStation { station frames } }
}`;

const at = (id) => document.getElementById(id);
const chosen = { station: undefined, text: '' };

const TOKEN = 'chargeproof-api-token';

// A platform that others can reach may ask for a token: it is asked for once, and kept in this browser.
async function post(body) {
  const token = localStorage.getItem(TOKEN);
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch('graphql', { method: 'POST', headers, body });
  if (response.status !== 401) return response;
  localStorage.removeItem(TOKEN);
  await tokenGiven();
  return post(body);
}

let asking;
function tokenGiven() {
  asking ??= new Promise((resolve) => {
    const dialog = at('token');
    dialog.addEventListener(
      'close',
      () => {
        localStorage.setItem(TOKEN, at('given').value.trim());
        asking = undefined;
        resolve();
      },
      { once: true },
    );
    dialog.showModal();
  });
  return asking;
}

async function ask() {
  const filter = {
    ...(chosen.station === undefined ? {} : { station: [chosen.station] }),
    ...(chosen.text === '' ? {} : { text: chosen.text }),
  };
  const response = await post(JSON.stringify({ query: QUESTION, variables: { filter } }));
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
  return data;
}

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

function stationButton({ station, frames }) {
  const button = element('button', '', { type: 'button' });
  button.append(element('span', station), element('span', frames));
  button.setAttribute('aria-pressed', String(chosen.station === station));
  button.addEventListener('click', () => {
    chosen.station = chosen.station === station ? undefined : station;
    void show();
  });
  return button;
}

function frameRow(frame) {
  const row = element('tr', '', { tabIndex: 0 });
  const message = frame.fault ?? frame.action ?? frame.kind;
  const cells = [
    element('td', frame.time.slice(11, 23), { title: frame.time }),
    element('td', frame.station),
    element('td', frame.direction === 'STATION_TO_CSMS' ? '→ to CSMS' : '← to station'),
    element('td', message, { className: frame.fault ? 'fault' : '' }),
    element('td', frame.text ?? '(not UTF-8)'),
  ];
  row.append(...cells);
  row.addEventListener('click', () => open(frame));
  row.addEventListener('keydown', ({ key }) => key === 'Enter' && open(frame));
  return row;
}

function open(frame) {
  const facts = {
    Record: frame.id,
    Station: frame.station,
    Received: frame.time,
    'Durable in the log': frame.loggedAt,
    'Log position': `partition ${frame.position.partition}, offset ${frame.position.offset}`,
    Subprotocol: frame.protocol ?? 'none',
    Message: [frame.kind, frame.action, frame.messageId].filter(Boolean).join('  '),
    ...(frame.fault ? { 'Not well-formed': frame.fault } : {}),
  };
  at('facts').replaceChildren(
    ...Object.entries(facts).flatMap(([name, fact]) => [element('dt', name), element('dd', fact)]),
  );
  at('bytes').textContent = frame.text ?? `base64: ${frame.bytes}`;
  at('frame').showModal();
}

async function show() {
  try {
    const { frames, frameCounts } = await ask();
    at('total').textContent =
      `${frameCounts.total} frames recorded, ${frames.totalCount} shown by this filter`;
    at('stations').replaceChildren(...frameCounts.byStation.map(stationButton));
    at('frames').replaceChildren(...frames.nodes.map(frameRow));
  } catch (error) {
    at('total').textContent = `No answer: ${error.message}`;
  }
}

at('text').addEventListener('input', ({ target }) => {
  chosen.text = target.value;
  void show();
});
await show();
setInterval(() => {
  // What a person is reading or about to choose does not move away.
  if (
    !at('frame').open &&
    !at('token').open &&
    !document.hidden &&
    !at('frames').contains(document.activeElement)
  )
    void show();
}, REFRESH_MILLISECONDS);
