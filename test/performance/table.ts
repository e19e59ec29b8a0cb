import type { BenchDocument, Figures, Machine } from './document.ts';

/** From this on, figures are those of a busy machine. */
const BUSY_CORES = 0.2;
const UNMEASURED = '';

type Line = {
  readonly name: keyof Figures;
  /** Of several values, which they are. */
  readonly values?: string;
  /** @returns undefined where it was not measured */
  readonly show: (figures: Figures) => string | undefined;
  readonly wanted?: string;
  readonly what: string;
};

const fixed = (digits: number) => (value: number | null | undefined) =>
  value === undefined || value === null || Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const ratio = fixed(2);
const whole = fixed(0);
const tenth = fixed(1);
const kilo = (bytes: number) => tenth(bytes / 1000);
const percent = (part: number | null | undefined) =>
  part === null || part === undefined ? '–' : `${tenth(part * 100)} %`;
/** Several values in one cell. */
const cell = (...values: readonly string[]) => values.join(' / ');
/** Shows what is there. */
const of =
  <Name extends keyof Figures>(name: Name, show: (value: NonNullable<Figures[Name]>) => string) =>
  (figures: Figures) => {
    const value = figures[name];
    return value === undefined ? undefined : show(value);
  };

const LINES: readonly Line[] = [
  {
    name: 'relayRatio',
    show: of('relayRatio', ratio),
    wanted: '0.8',
    what: 'calls a second, durably recorded, against a bare `ws` relay: [why](relay.md)',
  },
  {
    name: 'callsPerSecond',
    show: of('callsPerSecond', whole),
    what: 'of the gateway at its best number of stations',
  },
  {
    name: 'addedLatencyMs',
    values: 'p50 / p99 / p99.9',
    show: of('addedLatencyMs', ({ p50, p99, p999 }) => cell(tenth(p50), tenth(p99), tenth(p999))),
    what: 'what recording adds to a call, at a quarter of that rate',
  },
  {
    name: 'gatewayCpuSecondsPerMillionFrames',
    values: 'at its best / paced',
    show: of('gatewayCpuSecondsPerMillionFrames', ({ atBest, paced }) => cell(tenth(atBest), tenth(paced))),
    what: 'all threads, at that rate and at a quarter of it',
  },
  {
    name: 'projectionRatio',
    show: of('projectionRatio', ratio),
    wanted: '0.5',
    what: 'frames a second, log to tables, against bare inserts of the same rows',
  },
  {
    name: 'cpuRatio',
    show: of('cpuRatio', ratio),
    wanted: '0.4',
    what: 'CPU of a bare relay against all that works for us, socket to row, servers too',
  },
  { name: 'framesPerCpuSecond', show: of('framesPerCpuSecond', whole), what: 'of all that' },
  {
    name: 'bytesOnDiskPerRawByte',
    show: of('bytesOnDiskPerRawByte', ({ log, tables }) => cell(ratio(log), ratio(tables))),
    what: 'log / tables, for each byte of frame',
  },
  {
    name: 'idleCpu',
    show: of('idleCpu', ({ gateway, projector, query }) =>
      cell(percent(gateway), percent(projector), percent(query)),
    ),
    what: 'of a core: gateway / projector / query process, which folds where there is no projector',
  },
  {
    name: 'rowAfterMs',
    values: 'p50 / p99',
    show: of('rowAfterMs', ({ p50, p99 }) => cell(whole(p50), whole(p99))),
    what: "from a frame's leaving its station to the answer that has its row, at 500 calls a second",
  },
  {
    name: 'bytesPerIdleConnection',
    values: 'in kB',
    show: of('bytesPerIdleConnection', ({ builtIn, relayed }) => cell(kilo(builtIn), kilo(relayed))),
    wanted: '20',
    what: 'resident memory of the gateway: answered by the built-in central system / relayed, two sockets each',
  },
  {
    name: 'heapBytesPerIdleConnection',
    values: 'in kB',
    show: of('heapBytesPerIdleConnection', ({ builtIn, relayed }) => cell(kilo(builtIn), kilo(relayed))),
    what: "of it in use in V8's heap after a collection; the rest is room that V8 and the allocator keep",
  },
  {
    name: 'recoverySeconds',
    show: of('recoverySeconds', ({ gateway, projector }) => cell(tenth(gateway), tenth(projector))),
    what: '`kill -9` to the first handshake / to all rows, with a million frames in the log',
  },
  {
    name: 'spoolDrainRatio',
    show: of('spoolDrainRatio', ratio),
    what: 'records a second, spool to broker, against appending the same to it directly, both beside live traffic',
  },
  {
    name: 'spoolDrainPerSecond',
    show: of('spoolDrainPerSecond', whole),
    what: "from the broker's return until nothing is spooled",
  },
  {
    name: 'spoolAnswersMs',
    values: 'p50 / p99 before; away; drained',
    show: of('spoolAnswersMs', ({ before, away, drained }) =>
      [before, away, drained].map(({ p50, p99 }) => cell(tenth(p50), tenth(p99))).join('; '),
    ),
    what: 'how long stations waited for an answer: the broker there, away, and back with the spool being drained',
  },
];

/** The figures of a document as a table in Markdown, with a line above it that says what they are of. */
export function tableOf(document: BenchDocument): string {
  const kafka = document.kafka ?? {};
  const rows = LINES.map(({ name, values, show, wanted = '', what }) => {
    const cells = [show(document), 'missing' in kafka ? UNMEASURED : show(kafka)];
    return cells.every((shown) => shown === undefined || shown === UNMEASURED)
      ? undefined
      : [
          `\`${name}\`${values === undefined ? '' : `, ${values}`}`,
          ...cells.map((shown) => shown ?? UNMEASURED),
          wanted,
          what,
        ];
  });
  const head = ['Figure', 'Embedded', 'Kafka and ClickHouse', 'Wanted', 'What it is'];
  const table = aligned([head, ...rows.filter((row) => row !== undefined)]);
  const failed = [...failures('embedded', document), ...failures('kafka', kafka)];
  return [measuredOn(document.machine), '', ...table, ...(failed.length > 0 ? ['', ...failed] : []), ''].join(
    '\n',
  );
}

function measuredOn({ from, minutes, node, cpu, cores, othersBusyCores }: Machine): string {
  const load =
    othersBusyCores < BUSY_CORES
      ? 'which did nothing else'
      : `**others kept ${tenth(othersBusyCores)} cores busy**`;
  return `Measured on ${from.slice(0, 10)} in ${whole(minutes)} minutes: ${cores} cores (${cpu}), Node ${node}, ${load}.`;
}

function failures(profile: string, figures: Figures | { readonly missing: string }): string[] {
  if ('missing' in figures) return [`Not measured on ${profile}: ${figures.missing}.`];
  return Object.entries(figures.failed ?? {}).map(
    ([section, why]) => `Not measured on ${profile}, ${section}: ${why}.`,
  );
}

/** Columns as wide as their widest cell, as prettier has them. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
