import { createHash } from 'node:crypto';
import type { Attributes, Direction, Micros, RunId, Subject } from '@chargeproof/record';
import { connectionId, recordId, recordKey, runId, writePayload } from '@chargeproof/record';
import type { Appended } from './gateway-run.ts';

/** A line of somebody's recording: claimed times in microseconds, which do not go back. */
export type Line = {
  readonly time: Micros;
  readonly direction: Direction;
  readonly text: string;
  readonly inferred?: true;
};

const encoder = new TextEncoder();

/** An import as it shows in the log: what one importer's run appends, file after file. */
export class Import {
  readonly run: RunId;
  readonly #partitionOf: (subject: Subject) => number;
  readonly #append: (appended: Appended) => void;
  readonly #known: Set<string>;
  #recordings = 0;

  /** @param known ids that are in the log already; what is imported is added */
  constructor(parts: {
    readonly began: Micros;
    readonly random: string;
    readonly known: Set<string>;
    readonly partitionOf: (subject: Subject) => number;
    readonly append: (appended: Appended) => void;
  }) {
    this.run = runId(parts.began, parts.random);
    this.#known = parts.known;
    this.#partitionOf = parts.partitionOf;
    this.#append = parts.append;
  }

  /**
   * @param most so many frames are appended at most: beyond them the importer died, without an end
   * @returns the recording's id
   */
  file(subject: Subject, lines: readonly Line[], most = Infinity): string {
    const opened = lines[0]?.time ?? 0;
    const connection = connectionId(opened, this.run, this.#recordings++);
    let sequence = 0;
    const append = (
      time: Micros,
      value: Uint8Array,
      more: Pick<Attributes, 'type'> & Partial<Attributes>,
    ) => {
      const attributes: Attributes = {
        id: recordId(connection, sequence),
        source: this.run,
        tenant: subject.tenant,
        subject: subject.station,
        time,
        witness: 'import',
        connection,
        sequence: sequence++,
        monotonic: time - opened,
        ...more,
      };
      const partition = this.#partitionOf(subject);
      this.#append({ partition, record: { key: recordKey(subject), attributes, value } });
    };
    const begun = { format: 'generated', file: 'generated', sha256: '' };
    append(opened, writePayload('recording.begun.v1', begun), { type: 'recording.begun.v1' });
    const added = this.#new(subject, lines).slice(0, most);
    for (const { id, direction, text, time, inferred } of added) {
      this.#known.add(id);
      append(time, encoder.encode(text), {
        id,
        type: 'ocpp.frame.v1',
        direction,
        origin: direction === 'station-to-csms' ? 'station' : 'csms',
        opcode: 'text',
        claimed: String(time),
        ...(inferred ? { inferred: 'direction' } : {}),
      });
    }
    if (added.length < most) {
      const ended = writePayload('recording.ended.v1', { frames: added.length });
      append(lines.at(-1)?.time ?? opened, ended, { type: 'recording.ended.v1' });
    }
    return connection;
  }

  /** Lines that no earlier import has: equal ones of one file are told apart by their number. */
  #new(subject: Subject, lines: readonly Line[]): readonly (Line & { readonly id: string })[] {
    const equal = new Map<string, number>();
    return lines.flatMap((line) => {
      const what = `${recordKey(subject)} ${line.time} ${line.text}`;
      const ordinal = equal.get(what) ?? 0;
      equal.set(what, ordinal + 1);
      const id = `import-${createHash('sha256').update(`${what} ${ordinal}`).digest('hex').slice(0, 26)}`;
      return this.#known.has(id) ? [] : [{ ...line, id }];
    });
  }
}
