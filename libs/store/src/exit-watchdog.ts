import { spawn } from 'node:child_process';

/**
 * Ends this process with SIGKILL if it still lives after a while. A running chDB query holds up
 * `process.exit` until it ends, with the event loop stopped, so no timer of this process could do it: a
 * child watches, and goes away with the pipe when the process ends by itself.
 * @returns calls the watchdog off
 */
export function startExitWatchdog(afterMs: number): () => void {
  const source = `
    setTimeout(() => process.kill(${process.pid}, 'SIGKILL'), ${afterMs});
    process.stdin.resume().on('end', () => process.exit());`;
  const child = spawn(process.execPath, ['--eval', source], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  (child.stdin as { unref?: () => void }).unref?.();
  return () => {
    child.stdin.end();
  };
}
