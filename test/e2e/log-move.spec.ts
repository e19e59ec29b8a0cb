import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerKafka } from '../fixtures/kafka-broker.ts';
import { RunningCommand } from './cli/command.ts';
import { startGatewayProcess } from './gateway/gateway-process.ts';
import { imported, trace } from './importing/folder.ts';

const BROKERS = variableName('kafka', 'brokers');
const NOBODY_THERE = { [BROKERS]: '127.0.0.1:1' };

let root: string;
let data: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'chargeproof-log-move-'));
  data = join(root, 'data');
  const recording = join(root, 'recording');
  const frame = (second: number) =>
    trace(
      `2026-03-01T10:00:${String(second).padStart(2, '0')}Z`,
      `[2,"${second}","Heartbeat",{}]`,
      `CP-${second % 5}`,
    );
  writeFileSync(recording, Array.from({ length: 60 }, (_, second) => frame(second)).join(''));
  await imported(data, recording);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const move = (settings: Readonly<Record<string, string>>, ...more: readonly string[]) =>
  new RunningCommand(['log', 'move', '--to', 'kafka', '--data', data, ...more], settings).finished;

describe('log move', () => {
  it('says in one line what it needs', async () => {
    const withoutBrokers = await move({});
    expect(withoutBrokers.code).toBe(2);
    expect(withoutBrokers.stderr).toBe(`set ${BROKERS} to the brokers that are to hold the log\n`);
    const nowhere = await new RunningCommand(['log', 'move'], NOBODY_THERE).finished;
    expect(nowhere.stderr).toMatch(/^log move takes --to kafka.*\n$/);
  });

  it('makes no log where there is none', async () => {
    const missing = join(root, 'missing');
    const { code, stderr } = await move(NOBODY_THERE, '--data', missing);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^there is no log in .*\n$/);
    expect(existsSync(missing)).toBe(false);
  });

  it('leaves a log alone that a gateway appends to', async () => {
    const gateway = await startGatewayProcess({
      [variableName('data', 'folder')]: data,
      [variableName('gateway', 'port')]: '0',
    });
    try {
      const { code, stderr } = await move(NOBODY_THERE);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^the log in .* is in use: another process owns it\n$/);
    } finally {
      await gateway.signal('SIGTERM');
    }
  });
});

const offer = offerKafka();

if ('missing' in offer) it.skip(`log move into Kafka: ${offer.missing}`, () => undefined);
else {
  describe('log move into a Kafka broker', () => {
    it('copies everything, and the second time nothing', { timeout: 120_000 }, async () => {
      const broker = await offer.start();
      try {
        const settings = {
          [BROKERS]: broker.brokers.join(','),
          [variableName('kafka', 'topicPrefix')]: `move-${process.pid}.`,
        };
        const first = await move(settings, '--json');
        expect(first.stderr).toContain('opens what is sealed');
        const report = JSON.parse(first.stdout) as Record<string, { records: number; copied: number }>;
        expect(report['ocpp.frames']?.records).toBeGreaterThan(60);
        expect(report['ocpp.frames']?.copied).toBe(report['ocpp.frames']?.records);
        const second = JSON.parse((await move(settings, '--json')).stdout) as typeof report;
        expect(second['ocpp.frames']).toEqual({ ...report['ocpp.frames'], copied: 0 });
      } finally {
        await broker.stop();
      }
    });
  });
}
