import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningCommand } from './cli/command.ts';
import { hasCorpus, imported, type Traced, TRACES } from './importing/folder.ts';

type Expected = {
  readonly records: readonly {
    readonly index: number;
    readonly messageType: string;
    readonly messageId: string;
    readonly action?: string;
    readonly correlatesWith?: number;
  }[];
  readonly unansweredCalls?: readonly number[];
  readonly orphanResponses?: readonly number[];
};

type Exchange = {
  readonly station: string;
  readonly messageId: string;
  readonly action: string | null;
  readonly outcome: string;
  readonly call: Placed | null;
  readonly answer: Placed | null;
};
/** Place in its recording, which begins with a record of its own: the first frame is 1. */
type Placed = { readonly sequence: string | number; readonly text: string };

const QUESTION = `{ exchanges(first: 500) {
  totalCount nodes { station messageId action outcome call { sequence text } answer { sequence text } }
} }`;

const expectedOf = (name: string) =>
  JSON.parse(readFileSync(`${TRACES}${name}/expected.json`, 'utf8')) as Expected;
const linesOf = (name: string) =>
  readFileSync(`${TRACES}${name}/trace.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Traced);
const indexOf = (frame: Placed | null) => (frame === null ? undefined : Number(frame.sequence) - 1);

const traces = hasCorpus ? readdirSync(TRACES) : [];
const withExpectations = traces.filter((name) => existsSync(`${TRACES}${name}/expected.json`));

describe.skipIf(!hasCorpus)('what answers what in the traces of Open OCPP Trace, asked in GraphQL', () => {
  const data = mkdtempSync(join(tmpdir(), 'chargeproof-exchanges-'));
  let exchanges: readonly Exchange[] = [];
  afterAll(() => {
    rmSync(data, { recursive: true, force: true });
  });
  beforeAll(async () => {
    if (!hasCorpus) return;
    await imported(data, ...traces.map((name) => `${TRACES}${name}/trace.jsonl`));
    const { code, stdout, stderr } = await new RunningCommand(['query', '--data', data, '--json', QUESTION])
      .finished;
    expect(code, stderr).toBe(0);
    const answer = JSON.parse(stdout) as { data: { exchanges: { nodes: Exchange[]; totalCount: string } } };
    exchanges = answer.data.exchanges.nodes;
    expect(exchanges).toHaveLength(Number(answer.data.exchanges.totalCount));
  });
  const ofTrace = (name: string) => {
    const station = linesOf(name)[0]?.chargePointId;
    return exchanges.filter((exchange) => exchange.station === station);
  };

  it.each(withExpectations)('%s agrees, record by record', (name) => {
    const { records, unansweredCalls = [], orphanResponses = [] } = expectedOf(name);
    const own = ofTrace(name);
    const paired = own.flatMap(({ call, answer, ...exchange }) =>
      call !== null && answer !== null
        ? [[indexOf(call), indexOf(answer), exchange.messageId, exchange.action]]
        : [],
    );
    const expected = records.flatMap(({ index, messageId, action, correlatesWith }) =>
      correlatesWith === undefined ? [] : [[correlatesWith, index, messageId, action]],
    );
    const byCall = (one: readonly unknown[], other: readonly unknown[]) => Number(one[0]) - Number(other[0]);
    expect(paired.sort(byCall)).toEqual(expected.sort(byCall));
    const unanswered = own.filter(({ answer }) => answer === null);
    expect(unanswered.map(({ call }) => indexOf(call))).toEqual(unansweredCalls);
    const orphans = own.filter(({ outcome }) => outcome === 'ORPHAN');
    expect(orphans.map(({ answer }) => indexOf(answer))).toEqual(orphanResponses);
  });

  it('unexpected-stop-reason, which has no expectations: every frame in one exchange, and none alone', () => {
    const lines = linesOf('unexpected-stop-reason');
    const own = ofTrace('unexpected-stop-reason');
    const places = own.flatMap(({ call, answer }) => [indexOf(call), indexOf(answer)]);
    expect(places.sort((one, other) => Number(one) - Number(other))).toEqual(lines.map((_, index) => index));
    for (const { call, answer, outcome } of own) {
      expect(outcome).toBe('RESULT');
      expect((JSON.parse(call?.text ?? '[]') as unknown[])[1]).toBe(
        (JSON.parse(answer?.text ?? '[]') as unknown[])[1],
      );
    }
  });
});

if (!hasCorpus) {
  it.skip('SKIPPED: ../shared/corpus is absent, so its correlation was not asked for', () => undefined);
}
