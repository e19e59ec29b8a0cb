/** What a command is for in one line, how it is called, and its options. */
export type Usage = {
  readonly purpose: string;
  readonly call: string;
  /** Option, and what it does. */
  readonly options: readonly (readonly [string, string])[];
};

const DATA = ['--data DIR', 'where the record lies (.chargeproof/data)'] as const;
const LOG = [
  '--data DIR',
  'where the record lies; with CHARGEPROOF_KAFKA_BROKERS, whose key file opens it (.chargeproof/data)',
] as const;
const ASKED = [
  '--data DIR',
  'where the record lies, the platform running or not; of a cluster only one that runs (.chargeproof/data)',
] as const;
const API = [
  '--api URL',
  'the API to ask, in place of a folder (of a cluster: CHARGEPROOF_API_HOST, _PORT)',
] as const;
const JSON_LINE = ['--json', 'one JSON document on stdout, nothing else there'] as const;

/** Command → its usage, in the order in which a person comes to need them. */
export const USAGES: Readonly<Record<string, Usage>> = {
  demo: {
    purpose: 'four certified stations, simulated, through the recorder to a simulated CSMS',
    call: 'npm run demo -- [options]',
    options: [
      ['--once', 'one run of about two minutes, compared with what the stations themselves say'],
      JSON_LINE,
      ['--data DIR', 'where the record lies (.chargeproof/demo)'],
      ['--seed TEXT', 'the same seed, the same run'],
      ['--pace N', 'N times as fast, with as little energy (1)'],
      ['--plant-wh N', 'puts N Wh too many into what the simulation knows: the comparison finds them'],
    ],
  },
  start: {
    purpose: 'the platform: relays stations to your CSMS, or answers them itself',
    call: 'npm start -- [options]',
    options: [
      DATA,
      ['ports, CSMS, …', 'are settings: CHARGEPROOF_GATEWAY_PORT, _UPSTREAM, CHARGEPROOF_API_PORT, …'],
    ],
  },
  status: {
    purpose: 'how far the tables are behind the log, and how whole the record is',
    call: 'npx chargeproof status [options]',
    options: [
      ASKED,
      API,
      ['--station ID', 'judge that station’s record only; may be given more than once'],
      [
        '--from TIME',
        'from when to judge the record, as 2026-01-31 or 2026-01-31T12:00:00Z (its first frame)',
      ],
      ['--to TIME', 'until when (its last frame)'],
      JSON_LINE,
    ],
  },
  query: {
    purpose: 'one GraphQL question, of a running platform or of a folder at rest',
    call: `npx chargeproof query '{ stations { nodes { station lastSeen } } }' [options]`,
    options: [ASKED, API, ['--variables JSON', 'the question’s variables'], JSON_LINE],
  },
  transactions: {
    purpose: 'what was charged, newest first: by tag, station, id or time',
    call: 'npx chargeproof transactions [options]',
    options: [
      ['--tag TAG', 'begun or stopped by it, in any case of letters, or by its stand-in; more than once'],
      ['--tag -', 'tags from stdin, one a line: what is an argument others on this machine see'],
      ['--station ID', 'only of this one; may be given more than once'],
      ['--id ID', 'its transaction id, as the central system gave it'],
      ['--from TIME', 'that began from then on, as 2026-01-31 or 2026-01-31T12:00:00Z'],
      ['--to TIME', 'that began before'],
      ['--first N', 'at most so many (50)'],
      ['--tenant T', 'whose they are (default)'],
      ASKED,
      API,
      JSON_LINE,
    ],
  },
  command: {
    purpose: 'one command to a station that is answered here, and what came of it',
    call: `npx chargeproof command STATION ACTION ['{"type": "Soft"}' | -] [options]`,
    options: [
      ['-', 'the payload is read from stdin: what is an argument others on this machine see'],
      ['--data DIR', 'where a platform runs (.chargeproof/data)'],
      API,
      ['--expires SECONDS', 'it is not sent after that (30)'],
      ['--protocol P', 'the version that the station speaks: ocpp1.6, ocpp2.0.1 (ocpp1.6)'],
      ['--actor NAME', 'who asks, for the record (your user name)'],
      ['--reason TEXT', 'and why'],
      ['--tenant T', 'whose station it is (default)'],
      ['--id ID', 'asking again under the same id is no second command'],
      [
        '--from-policy',
        'of SendLocalList: the full list of what holds of the tenant’s tags (policy tags list)',
      ],
      ['--no-wait', 'does not wait for what comes of it; exit code 0 else means: the station does it'],
      JSON_LINE,
    ],
  },
  policy: {
    purpose: 'who may boot and charge where stations are answered here: decided, on record',
    call: 'npx chargeproof policy tags list | set TAG STATUS | remove TAG | others STATUS | replace FILE, policy stations list | set STATION STATUS | remove STATION | others STATUS [options]',
    options: [
      ['STATUS', 'of a tag Accepted, Blocked, Expired, Invalid; of a station Accepted, Pending, Rejected'],
      ['others STATUS', 'of all that nothing is said of; nothing: what was decided of them is taken back'],
      ['TAG -', 'the tag is read from stdin: what is an argument others on this machine see'],
      ['replace FILE', 'all that is decided of tags, by a file as the gateway’s; - is stdin'],
      ['--expires TIME', 'from when an accepted tag is Expired, as 2027-01-31T00:00:00Z'],
      ['--parent TAG', 'its parentIdTag'],
      ['--concurrent', 'it may charge at several places at once'],
      ['--interval SECONDS', 'between a station’s heartbeats, or until it may boot again'],
      ['--data DIR', 'where a platform runs (.chargeproof/data)'],
      API,
      ['--actor NAME', 'who decides, for the record (your user name)'],
      ['--reason TEXT', 'and why'],
      ['--tenant T', 'whose tags and stations they are (default)'],
      JSON_LINE,
    ],
  },
  import: {
    purpose: 'recordings into the record, each frame once',
    call: 'npx chargeproof import FILE… [options]',
    options: [
      LOG,
      ['--format F', 'open-ocpp-trace, csv or record; found out where it is not given'],
      ['--zone Z', 'what a time without a zone means, as Europe/Berlin or +01:00 (UTC)'],
      ['--station S', 'whose frames those are that name no station'],
      ['--tenant T', 'whose they all are (default)'],
      JSON_LINE,
    ],
  },
  export: {
    purpose: 'the record as Open OCPP Trace on stdout, each frame byte for byte',
    call: 'npx chargeproof export [options] > FILE',
    options: [
      LOG,
      ['--format F', 'open-ocpp-trace (where it is not given), or record: everything there is, exactly'],
      ['--station S', 'only of this one; may be given more than once'],
      ['--from TIME', 'from when, as 2026-01-31 or 2026-01-31T12:00:00Z; a time without a zone is UTC'],
      ['--to TIME', 'until when, this time itself left out'],
      ['--tenant T', 'only of this one (of a trace and of stations: default)'],
    ],
  },
  log: {
    purpose: 'a folder’s log into Kafka, for the platform as a cluster',
    call: 'npx chargeproof log move --to kafka [options]',
    options: [
      ['--data DIR', 'whose log is copied, the platform at rest; it stays as it was (.chargeproof/data)'],
      ['--to kafka', 'the brokers in CHARGEPROOF_KAFKA_BROKERS; what was copied before is not copied again'],
      JSON_LINE,
    ],
  },
  credentials: {
    purpose: 'stations and their keys, kept hashed',
    call: 'npx chargeproof credentials add [TENANT/]STATION | remove [TENANT/]STATION | list [options]',
    options: [
      ['--key HEX', 'the AuthorizationKey, 16 to 20 bytes; made where it is not given'],
      ['--password', 'a password instead, read from stdin'],
      [
        '--profile 1|2|3',
        'asked of this station: 1 a key, 2 a key over TLS only, 3 a certificate of its own',
      ],
      ['--file FILE', 'the file they are in (CHARGEPROOF_GATEWAY_CREDENTIALS)'],
    ],
  },
  keys: {
    purpose: 'the keys that open what the record holds sealed',
    call: 'npx chargeproof keys list | rotate | erase ID | take FILE [options]',
    options: [
      ['rotate', 'a new key seals from now on; the old ones stay, and equal tags stay equal'],
      ['erase ID', 'for good: what that key sealed is never opened again; every figure stands as before'],
      ['take FILE', 'what became of another copy of this key file, of a gateway on the same log'],
      DATA,
      JSON_LINE,
    ],
  },
  help: {
    purpose: 'this; help COMMAND, or COMMAND --help, for one command',
    call: 'npx chargeproof help [COMMAND]',
    options: [],
  },
};

/** All commands, a line each. */
export function overview(): string {
  const lines = Object.entries(USAGES).map(([name, { purpose }]) => `  ${name.padEnd(12)} ${purpose}`);
  return [
    'Chargeproof, the flight recorder of EV charging.',
    '',
    'npx chargeproof COMMAND, or npm run demo, npm start, npm test:',
    ...lines,
    '',
    'Settings are environment variables: docs/reference/settings.md.',
    '',
  ].join('\n');
}

/** One command with its options. */
export function usageOf({ purpose, call, options }: Usage): string {
  const width = Math.max(0, ...options.map(([option]) => option.length));
  const lines = options.map(([option, does]) => `  ${option.padEnd(width)}  ${does}`);
  return [call, '', `  ${purpose}`, ...(lines.length === 0 ? [] : ['', ...lines]), ''].join('\n');
}
