import type { Section } from './figure.ts';
import { idleCpu } from './idle-cpu.ts';
import { idleMemory } from './idle-memory.ts';
import { projectionRatio } from './projection-ratio.ts';
import { recovery } from './recovery.ts';
import { relay } from './relay.ts';
import { rowAfter } from './row-after.ts';
import { spool } from './spool.ts';
import { wholePath } from './whole-path.ts';

export type { Section, Stand } from './figure.ts';

/** In the order in which they are measured. */
export const SECTIONS: readonly Section[] = [
  relay,
  wholePath,
  projectionRatio,
  idleCpu,
  rowAfter,
  idleMemory,
  recovery,
  spool,
];
