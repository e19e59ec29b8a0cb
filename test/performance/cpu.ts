import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Kernel ticks a second, which /proc counts CPU in: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** CPU seconds of a process so far, all threads. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** As {@link cpuSecondsOf}, with the processes that it started and that are still there. */
export function cpuSecondsOfTree(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const of = children === '' ? [] : children.split(' ').map(Number);
  return of.reduce((sum, child) => sum + cpuSecondsOfTree(child), cpuSecondsOf(pid));
}

/**
 * How many cores are busy, or taken by the machine's own host, while we wait: with nothing of ours under load,
 * this is what others take from a measurement.
 */
export async function busyCores(milliseconds: number): Promise<number> {
  const before = machineTimes();
  await pause(milliseconds);
  const after = machineTimes();
  const all = after.all - before.all;
  return all === 0 ? 0 : ((all - (after.idle - before.idle)) / all) * availableParallelism();
}

/** Ticks of all cores. Waiting for a disk counts as idle. */
function machineTimes(): { readonly all: number; readonly idle: number } {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, stolen = 0] = first
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return { all: user + nice + system + idle + wait + irq + softirq + stolen, idle: idle + wait };
}
