import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { DecidedPolicy, POLICY_VERSION, type PolicyLine } from '@chargeproof/central-system';
import type { Micros, RecordId } from '@chargeproof/record';
import { writeAllDurably } from '../durable-file.ts';

/** Up to where in `platform.decisions` a policy is what was decided. */
export type PolicyMark = {
  readonly generation: number;
  /** Of the last record that was read; another record there is another log. */
  readonly offset: number;
  readonly id: RecordId;
  readonly loggedAt: Micros;
};

export type KeptPolicy = {
  readonly mark: PolicyMark;
  /** The offset from which commands have to be read; absent: none before the mark. */
  readonly commandsFrom?: number | undefined;
};

/** Of the file. Which policies it may hold says {@link POLICY_VERSION}. */
const FORMAT = 1;
type Head = KeptPolicy & { readonly format: number; readonly policy: number };

const NEWLINE = 0x0a;

/**
 * Lines of JSON: where it holds, what was decided, and behind them their SHA-256. Tags in it are stand-ins, with what
 * opens them, as in the log.
 */
export async function writePolicyFile(
  file: string,
  decided: DecidedPolicy,
  { mark, commandsFrom }: KeptPolicy,
): Promise<void> {
  const head: Head = { format: FORMAT, policy: POLICY_VERSION, mark, commandsFrom };
  await writeAllDurably(file, withDigest(head, decided.lines()));
}

function* withDigest(head: Head, lines: Iterable<PolicyLine>): Iterable<string> {
  const hash = createHash('sha256');
  const piece = (line: Head | PolicyLine) => {
    const text = `${JSON.stringify(line)}\n`;
    hash.update(text);
    return text;
  };
  yield piece(head);
  for (const line of lines) yield piece(line);
  yield `${hash.digest('hex')}\n`;
}

/** @returns undefined where there is none. @throws Error that says why it cannot be used */
export function readPolicyFile(
  file: string,
): { readonly decided: DecidedPolicy; readonly kept: KeptPolicy } | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(NEWLINE, -2) + 1;
  const digest = createHash('sha256').update(bytes.subarray(0, end)).digest('hex');
  if (bytes.toString('latin1', end) !== `${digest}\n`) throw new Error('it is damaged');
  const lines = parsedLines(bytes.subarray(0, end));
  const head = lines.next().value as Head;
  if (head.format !== FORMAT || head.policy !== POLICY_VERSION)
    throw new Error(
      `it is of version ${head.format}.${head.policy}, and this is ${FORMAT}.${POLICY_VERSION}`,
    );
  const { mark, commandsFrom } = head;
  return { decided: DecidedPolicy.of(lines as Iterable<PolicyLine>), kept: { mark, commandsFrom } };
}

function* parsedLines(bytes: Buffer): Generator<unknown, undefined> {
  for (let begin = 0; begin < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, begin);
    yield JSON.parse(bytes.toString('utf8', begin, end));
    begin = end + 1;
  }
}
