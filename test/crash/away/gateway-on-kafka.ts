import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { type KafkaOptions, openKafkaLogReader } from '@chargeproof/log-kafka';
import { onTestFinished, vi } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../../e2e/gateway/gateway-process.ts';
import { type Compared, compare } from './compare.ts';
import { Fleet } from './fleet.ts';

const STATIONS = 6;
/** A first start claims its keys in the log in so long. */
const SPOOL_AFTER_SECONDS = '1';

type Reason = { readonly check: string; readonly reason: string };

const STARTS = 5;

/** A first start claims its keys in the log, and ends where that takes too long: whoever supervises it starts it again. */
async function startedInTheEnd(settings: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  for (let start = 1; ; start += 1) {
    try {
      return await startGatewayProcess(settings);
    } catch (error) {
      if (start === STARTS || !String(error).includes('did not acknowledge')) throw error;
    }
  }
}

/** The real gateway over a folder of its own, on topics of its own, with a fleet that never stops speaking. */
export class GatewayOnKafka {
  readonly options: KafkaOptions;
  readonly folder = mkdtempSync(join(tmpdir(), 'chargeproof-away-'));
  readonly fleet: Fleet;
  #gateway: GatewayProcess | undefined;
  #port = '0';

  constructor(options: KafkaOptions) {
    this.options = options;
    this.fleet = new Fleet(() => this.#gateway?.address ?? 'ws://127.0.0.1:1', STATIONS);
    onTestFinished(async () => {
      await this.fleet.stop();
      await this.#gateway?.signal('SIGKILL');
      rmSync(this.folder, { recursive: true });
    });
  }

  get said(): string {
    return this.#gateway?.said() ?? '';
  }

  async start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#gateway = await startedInTheEnd({
      [variableName('data', 'folder')]: this.folder,
      [variableName('gateway', 'port')]: this.#port,
      [variableName('gateway', 'tickSeconds')]: '1',
      [variableName('kafka', 'brokers')]: this.options.brokers.join(','),
      [variableName('kafka', 'topicPrefix')]: this.options.topicPrefix,
      [variableName('kafka', 'replication')]: String(this.options.replication),
      [variableName('kafka', 'spoolAfterSeconds')]: SPOOL_AFTER_SECONDS,
      ...more,
    });
    this.#port = new URL(this.#gateway.address).port;
  }

  async signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#gateway?.signal(name);
  }

  /** What it says of itself, at an address for those who look after it. */
  async readiness(): Promise<{ readonly status: string; readonly reasons?: readonly Reason[] }> {
    return (await (await this.#fetched('readyz')).json()) as { status: string };
  }

  /** As it tells those who look after it. */
  async whyDegraded(): Promise<string> {
    const { reasons = [] } = await this.readiness();
    return reasons.map(({ reason }) => reason).join('; ');
  }

  /** A figure without labels, or with these. */
  async figure(name: string, labels = ''): Promise<number> {
    const text = await (await this.#fetched('metrics')).text();
    const line = text.split('\n').find((each) => each.startsWith(`chargeproof_${name}${labels} `));
    return Number(line?.split(' ').at(-1));
  }

  #fetched(path: string): Promise<Response> {
    return fetch(`${this.#gateway?.address.replace('ws:', 'http:') ?? ''}/${path}`);
  }

  becomes(status: 'ready' | 'degraded'): Promise<unknown> {
    return vi.waitUntil(async () => (await this.readiness().catch(() => undefined))?.status === status, {
      timeout: 90_000,
      // Each look is a question to the brokers.
      interval: 200,
    });
  }

  /** The fleet has been answered so often more. */
  async answers(count: number): Promise<void> {
    const before = this.fleet.answered.length;
    await vi.waitUntil(() => this.fleet.answered.length >= before + count, { timeout: 60_000, interval: 20 });
  }

  /** What it has spooled and not drained. */
  get segments(): readonly string[] {
    return readdirSync(join(this.folder, 'spool')).filter((name) => name.startsWith('segment'));
  }

  get note(): { readonly unknown: number } {
    return JSON.parse(readFileSync(this.#notePath, 'utf8')) as { readonly unknown: number };
  }

  /** As if nothing of what was under way had been noted. */
  forget(): void {
    writeFileSync(this.#notePath, JSON.stringify({ ...this.note, unknown: 0, numbering: undefined }));
  }

  get hasNote(): boolean {
    return existsSync(this.#notePath);
  }

  get #notePath(): string {
    return join(this.folder, 'spool', 'note.json');
  }

  /** Ends everything in order, and compares what the stations saw with what is in the log. */
  async compared(): Promise<Compared> {
    await this.becomes('ready');
    await this.fleet.stop();
    await this.signal('SIGTERM');
    const log = await openKafkaLogReader(this.options);
    try {
      return await compare(log, this.fleet.answered);
    } finally {
      await log.close();
    }
  }
}

export const WHOLE = { doubled: [], lost: [], disordered: [] };
