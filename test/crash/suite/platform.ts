import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { variableName } from '@chargeproof/config';
import { ask } from '../../e2e/cli/command.ts';
import type { Profile, ProfileStart } from './profile.ts';
import { AppVictim, type Victim } from './victim.ts';

export type PlatformOptions = {
  /** Everything of it lies here: the data folder, what its processes say, their temporary files. */
  readonly root: string;
  readonly profile: ProfileStart;
  readonly record: 'before-relay' | 'beside-relay';
  /** Stations that this CSMS answers; the built-in system answers all others. */
  readonly upstream: { readonly url: string; readonly stations: readonly string[] };
};

const POLL_MILLISECONDS = 200;
const LONGEST_WAIT_MILLISECONDS = 300_000;

/** The platform under fire: its processes, each of which can be killed. */
export class Platform {
  readonly data: string;
  readonly profile: Profile;
  readonly gateway: AppVictim;
  /** Whoever answers questions; on the embedded profile it projects, too, and holds the store. */
  readonly query: AppVictim;
  /** Every answer, as it came. */
  readonly answers: string[] = [];

  private constructor(data: string, profile: Profile, gateway: AppVictim, query: AppVictim) {
    this.data = data;
    this.profile = profile;
    this.gateway = gateway;
    this.query = query;
  }

  /** Nothing of the product runs yet. */
  static async prepare({ root, profile: begin, record, upstream }: PlatformOptions): Promise<Platform> {
    const data = join(root, 'data');
    const routes = join(root, 'routes.json');
    mkdirSync(root, { recursive: true });
    const relayed = upstream.stations.map((name) => [name, upstream.url]);
    writeFileSync(routes, JSON.stringify(Object.fromEntries(relayed)));
    const profile = await begin(root, data);
    const common = {
      ...profile.settings,
      [variableName('data', 'folder')]: data,
      [variableName('runtime', 'logLevel')]: 'debug',
    };
    const gateway = new AppVictim('gateway', root, {
      ...common,
      [variableName('gateway', 'port')]: '0',
      [variableName('gateway', 'tickSeconds')]: '1',
      [variableName('gateway', 'record')]: record,
      [variableName('gateway', 'routes')]: routes,
    });
    const query = new AppVictim('api', root, { ...common, [variableName('api', 'port')]: '0' });
    return new Platform(data, profile, gateway, query);
  }

  /** All that is killed in turn; the gateway more often than the others, which it must outlive. */
  get victims(): readonly Victim[] {
    return [...this.profile.others, this.query];
  }

  async ask<Answer>(question: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const answer = await ask<Answer>(`${await this.query.address}/graphql`, question, variables);
    this.answers.push(JSON.stringify(answer));
    return answer;
  }

  /** Resolves when the tables hold all that is in the log. */
  folded(): Promise<void> {
    return until('the tables hold the log', async () => {
      const { platform } = await this.ask<{ platform: { lag: string } }>('{ platform { lag } }');
      return platform.lag === '0';
    });
  }

  /** Resolves when nothing waits in a spool: what does is durable, and not in the log that is read. */
  drained(): Promise<void> {
    return until('the spool is drained', async () => {
      const [, records = '0'] = SPOOLED.exec(await metricsAt(await this.gateway.address)) ?? [];
      return records === '0';
    });
  }

  /** What the gateway and the process that answers show of themselves to their machine. */
  async metrics(): Promise<string> {
    const addresses = [await this.gateway.address, await this.query.address];
    return (await Promise.all(addresses.map(metricsAt))).join('\n');
  }
}

async function metricsAt(address: string): Promise<string> {
  const answer = await fetch(`${address.replace(/^ws/, 'http')}/metrics`);
  return answer.text();
}

/** Absent where nothing is ever spooled. */
const SPOOLED = /^chargeproof_spool_records (\d+)$/m;

/** @throws Error where it is not so in time */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const began = Date.now(); Date.now() - began < LONGEST_WAIT_MILLISECONDS;) {
    if (await isSo()) return;
    await pause(POLL_MILLISECONDS);
  }
  throw new Error(`not in time: ${what}`);
}
