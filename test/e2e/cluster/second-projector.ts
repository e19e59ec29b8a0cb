import { fork } from 'node:child_process';
import { once } from 'node:events';
import { childEnvironment, variableName } from '@chargeproof/config';

const PROJECTOR = new URL('../../../apps/projector/dist/main.js', import.meta.url);

export type SecondProjector = {
  /** Where it is asked for health and metrics. */
  readonly health: string;
  stop(): Promise<void>;
};

/** A projector as a person would start it beside the one that there is; ready when it has its share. */
export async function startSecondProjector(
  settings: Readonly<Record<string, string>>,
): Promise<SecondProjector> {
  const env = childEnvironment({ ...settings, [variableName('runtime', 'logLevel')]: 'warn' });
  const child = fork(PROJECTOR, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const [told] = (await Promise.race([once(child, 'message'), ended])) as [{ health: string } | number];
  if (typeof told === 'number') throw new Error(`the projector ended with ${told}`);
  return {
    health: told.health,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The partitions that a projector tells of, and whether it says that it is ready. */
export type Share = { readonly partitions: readonly number[]; readonly ready: boolean };

export async function toldBy(health: string): Promise<Share> {
  const metrics = await (await fetch(`${health}/metrics`)).text();
  const found = metrics.matchAll(/^chargeproof_folded_offset\{partition="(\d+)"\}/gm);
  const { ok } = await fetch(`${health}/readyz`);
  return { partitions: Array.from(found, ([, partition]) => Number(partition)), ready: ok };
}
