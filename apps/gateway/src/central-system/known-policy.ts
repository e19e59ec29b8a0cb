import { renameSync } from 'node:fs';
import { DecidedPolicy } from '@chargeproof/central-system';
import type { LogReader } from '@chargeproof/log';
import { formatMicros, isOfPolicy, type LoggedRecord } from '@chargeproof/record';
import { type KeptPolicy, type PolicyMark, readPolicyFile, writePolicyFile } from './policy-file.ts';

export type KnownPolicyOptions = {
  /** Absent: it is forgotten with the process. */
  readonly file?: string | undefined;
  /** The offset from which commands have to be read by whoever comes next. */
  readonly commandsFrom: () => number | undefined;
  readonly onTrouble: (error: Error) => void;
};

/** Between a change and the writing of it: what a kill loses is read from the log again. */
const LEAST_PAUSE_MILLISECONDS = 5000;
/** Of all time, a long list that changes all day is written no more than one part in so many. */
const PAUSE_FACTOR = 20;
/** So many records of something else are a change, too: the next start would read them all. */
const FAR = 10_000;

/**
 * Who may boot and charge as far as the log is known, over the runs of a folder: what was read is kept in a file, so
 * that a gateway whose log is away answers by what was decided before, and reads on from there when it is back. The
 * file is no truth: one that cannot be used is put aside, and the log is read from its beginning.
 */
export class KnownPolicy implements Pick<DecidedPolicy, 'idTagsOf' | 'registrationsOf'> {
  readonly #options: KnownPolicyOptions;
  #decided = new DecidedPolicy();
  /** As the file has it. */
  #kept: KeptPolicy | undefined;
  #mark: PolicyMark | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #pauseMilliseconds = LEAST_PAUSE_MILLISECONDS;
  #isTroubled = false;

  constructor(options: KnownPolicyOptions) {
    this.#options = options;
    if (options.file !== undefined) this.#read(options.file);
  }

  idTagsOf(tenant: string) {
    return this.#decided.idTagsOf(tenant);
  }

  registrationsOf(tenant: string) {
    return this.#decided.registrationsOf(tenant);
  }

  /** Says by what stations are answered now. @param away why the log cannot be read, where that is so */
  tell(away: Error | undefined): void {
    if (away === undefined) return;
    const known =
      this.#mark === undefined
        ? 'no decision is known here, stations are answered by the files alone'
        : `stations are answered by what was decided until ${formatMicros(this.#mark.loggedAt)}`;
    this.#options.onTrouble(new Error(`${known}: ${away.message}`, { cause: away }));
  }

  /** @returns the offset of `platform.decisions` to read on at. @throws LogFailed */
  async beginAt(log: Pick<LogReader, 'generation' | 'read'>): Promise<number> {
    const { mark, commandsFrom } = this.#kept ?? {};
    if (mark === undefined) return 0;
    if (await isIn(log, mark)) return Math.min(mark.offset + 1, commandsFrom ?? mark.offset + 1);
    this.#putAside('it is of another log');
    this.#decided = new DecidedPolicy();
    this.#kept = this.#mark = undefined;
    return 0;
  }

  take(record: LoggedRecord): void {
    const { attributes, position, loggedAt } = record;
    const { generation, offset } = position;
    if (offset <= (this.#mark?.offset ?? -1)) return;
    this.#decided.take(record);
    this.#mark = { generation, offset, id: attributes.id, loggedAt };
    if (isOfPolicy(attributes.type) || offset > (this.#kept?.mark.offset ?? 0) + FAR) this.#keepSoon();
  }

  /** Nothing is taken any more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#keep();
  }

  #read(file: string): void {
    try {
      const found = readPolicyFile(file);
      if (found === undefined) return;
      this.#decided = found.decided;
      this.#kept = found.kept;
      this.#mark = found.kept.mark;
    } catch (error) {
      this.#putAside(error instanceof Error ? error.message : String(error));
    }
  }

  #keepSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#keep());
    }, this.#pauseMilliseconds).unref();
  }

  async #keep(): Promise<void> {
    const { file, commandsFrom } = this.#options;
    const mark = this.#mark;
    if (file === undefined || mark === undefined || mark === this.#kept?.mark) return;
    const kept = { mark, commandsFrom: commandsFrom() };
    const begun = performance.now();
    try {
      await writePolicyFile(file, this.#decided, kept);
      this.#kept = kept;
      this.#isTroubled = false;
    } catch (error) {
      this.#troubled(error);
    }
    this.#pauseMilliseconds = Math.max(LEAST_PAUSE_MILLISECONDS, PAUSE_FACTOR * (performance.now() - begun));
  }

  #troubled(error: unknown): void {
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    const why = error instanceof Error ? error.message : String(error);
    this.#options.onTrouble(new Error(`what was decided cannot be kept: ${why}`, { cause: error }));
  }

  #putAside(why: string): void {
    const { file = '', onTrouble } = this.#options;
    try {
      renameSync(file, `${file}.unusable`);
    } catch {
      // It is written over as soon as something is known.
    }
    onTrouble(
      new Error(`${file} is put aside: ${why}; what was decided is read from the beginning of the log`),
    );
  }
}

/** Whether that very record is there, so that what lies before it is what was read. */
async function isIn(log: Pick<LogReader, 'generation' | 'read'>, mark: PolicyMark): Promise<boolean> {
  if (log.generation !== mark.generation) return false;
  const from = new Map([[0, mark.offset]]);
  const [found] = await log.read({ topic: 'platform.decisions', from, maxRecords: 1, maxBytes: 1 });
  return (
    found?.position.offset === mark.offset &&
    found.attributes.id === mark.id &&
    found.loggedAt === mark.loggedAt
  );
}
