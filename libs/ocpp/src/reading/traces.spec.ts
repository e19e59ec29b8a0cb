import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Direction, LoggedRecord } from '@chargeproof/record';
import { connectionId, recordId, runId } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { initialReading, read } from '../index.ts';
import type { FrameObservation } from '../index.ts';

const corpus = fileURLToPath(new URL('../../../../../shared/corpus/open-ocpp-trace/', import.meta.url));
const traces = existsSync(corpus) ? readdirSync(corpus) : [];

type Line = { readonly direction: 'cp-to-csms' | 'csms-to-cp'; readonly raw: string };
type Expected = {
  readonly counts: {
    readonly records: number;
    readonly calls: number;
    readonly callResults: number;
    readonly callErrors: number;
  };
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

const DIRECTIONS: Record<Line['direction'], Direction> = {
  'cp-to-csms': 'station-to-csms',
  'csms-to-cp': 'csms-to-station',
};
const KINDS: Partial<Record<FrameObservation['frame']['kind'], string>> = {
  call: 'CALL',
  'call-result': 'CALLRESULT',
  'call-error': 'CALLERROR',
};

/** The trace as the frames of one connection, a millisecond apart. */
function recordsOf(trace: string): readonly LoggedRecord[] {
  const opened = 1_700_000_000_000_000;
  const run = runId(opened, 'traces');
  const connection = connectionId(opened, run, 0);
  const lines = readFileSync(`${corpus}${trace}/trace.jsonl`, 'utf8').trim().split('\n');
  return lines.map((text, sequence) => {
    const line = JSON.parse(text) as Line;
    return {
      key: 'default/trace',
      attributes: {
        id: recordId(connection, sequence),
        source: run,
        type: 'ocpp.frame.v1',
        tenant: 'default',
        subject: 'trace',
        time: opened + sequence * 1000,
        monotonic: sequence * 1000,
        witness: 'wire',
        connection,
        sequence,
        direction: DIRECTIONS[line.direction],
        opcode: 'text',
      },
      value: new TextEncoder().encode(line.raw),
      position: { generation: 0, partition: 0, offset: sequence },
      loggedAt: opened + sequence * 1000,
    };
  });
}

/** Reads a trace in the terms of `expected.json`. */
function correlate(trace: string): Omit<Expected, 'counts'> {
  let state = initialReading();
  const seen = recordsOf(trace).map((record) => {
    const step = read(state, record);
    state = step.state;
    return step.observation as FrameObservation;
  });
  const records = seen.map(({ frame, call }, index) => ({
    index,
    messageType: KINDS[frame.kind] ?? frame.kind,
    messageId: frame.messageId ?? '',
    ...(frame.kind === 'call' ? { action: frame.action ?? '' } : {}),
    ...(call ? { action: call.action, correlatesWith: call.sequence } : {}),
  }));
  const answered = new Set(seen.map(({ call }) => call?.sequence));
  return {
    records,
    unansweredCalls: seen.flatMap(({ frame }, index) =>
      frame.kind === 'call' && !answered.has(index) ? [index] : [],
    ),
    orphanResponses: seen.flatMap(({ call }, index) => (call === null ? [index] : [])),
  };
}

describe.skipIf(traces.length === 0)('correlation agrees with the Open OCPP Trace corpus', () => {
  const withExpectations = traces.filter((trace) => existsSync(`${corpus}${trace}/expected.json`));

  it('has the fifteen traces with expectations', () => {
    expect(withExpectations).toHaveLength(15);
  });

  it.each(withExpectations)('%s', (trace) => {
    const { counts, records, ...expected } = JSON.parse(
      readFileSync(`${corpus}${trace}/expected.json`, 'utf8'),
    ) as Expected;
    const actual = correlate(trace);
    expect(actual.records).toHaveLength(counts.records);
    expect(actual.records).toEqual(records);
    expect(actual.unansweredCalls).toEqual(expected.unansweredCalls ?? []);
    expect(actual.orphanResponses).toEqual(expected.orphanResponses ?? []);
  });
});

if (traces.length === 0) {
  it.skip('SKIPPED: ../shared/corpus/open-ocpp-trace is absent, so correlation was not compared with it', () =>
    undefined);
}
