import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { childEnvironment } from '@chargeproof/config';
import { builtApp } from '../../fixtures/built.ts';

const CLI = builtApp('cli');

/** A command of ours as a person's shell runs it. Built by `npm test` before it runs anything. */
export class RunningCommand {
  readonly #child: ChildProcess;
  readonly pid: number;
  #said = '';
  /** Exit code and everything it printed. */
  readonly finished: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;

  constructor(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [CLI, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: childEnvironment(settings),
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.stderr.on('data', (chunk) => (this.#said += String(chunk)));
    const stdout = text(child.stdout);
    this.finished = once(child, 'close').then(async ([code]) => ({
      code: code as number | null,
      stdout: await stdout,
      stderr: this.#said,
    }));
  }

  /** Resolves with the first match in what it says on stderr. @throws Error with all it said, when it ends before */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#said);
      if (match) return match;
      const more = await Promise.race([once(this.#child.stderr!, 'data'), this.finished]);
      if ('code' in more && !pattern.test(this.#said)) {
        throw new Error(`ended before it said ${pattern.source}:\n${this.#said}`);
      }
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** Asks a platform over GraphQL. @throws Error with the server's messages */
export async function ask<Data>(
  address: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
  return data;
}
