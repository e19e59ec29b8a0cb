import { fork } from 'node:child_process';
import { once } from 'node:events';
import { childEnvironment, variableName } from '@chargeproof/config';
import { ask } from '../../e2e/cli/command.ts';
import { builtApp } from '../../fixtures/built.ts';
import { vi } from 'vitest';

const MAIN = builtApp('api');

/** The query process on a data folder, as a person's machine runs it. */
export type QueryProcess = {
  /** @throws Error with the server's messages */
  ask<Data>(question: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Resolves when the tables have all that the log holds. @throws Error with what it said, where it ended */
  folded(): Promise<void>;
  readonly said: () => string;
  stop(): Promise<void>;
};

/** @throws Error with what it said, where it ended before it was ready */
export async function startQueryProcess(folder: string): Promise<QueryProcess> {
  const env = childEnvironment({
    [variableName('data', 'folder')]: folder,
    [variableName('api', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  const child = fork(MAIN, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  // Not at its exit: its last words may still be on their way.
  const ended = once(child, 'close').then(() => undefined);
  const ready = once(child, 'message').then(([message]) => message as { address: string });
  const first = await Promise.race([ready, ended]);
  if (first === undefined) throw new Error(said.trim());
  const graphql = `${first.address}/graphql`;
  const isFolded = async () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(said.trim());
    const { platform } = await ask<{ platform: { lag: string } }>(graphql, '{ platform { lag } }');
    return platform.lag === '0';
  };
  return {
    ask: (question, variables) => ask(graphql, question, variables),
    folded: async () => {
      await vi.waitUntil(isFolded, { timeout: 100_000, interval: 100 });
    },
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
