import type { IdleCpuFigures } from './figures/idle-cpu.ts';
import type { IdleMemoryFigures } from './figures/idle-memory.ts';
import type { RecoveryFigures } from './figures/recovery.ts';
import type { RelayFigures } from './figures/relay.ts';
import type { RowAfterFigures } from './figures/row-after.ts';
import type { SpoolFigures } from './figures/spool.ts';
import type { WholePathFigures } from './figures/whole-path.ts';
import type { ProjectionFigures } from './projection.ts';

/** What was measured on one profile, as far as it was; `failed` says by section what could not be, and why. */
export type Figures = Partial<
  RelayFigures &
    WholePathFigures &
    IdleCpuFigures &
    RowAfterFigures &
    IdleMemoryFigures &
    RecoveryFigures &
    SpoolFigures & { readonly projectionRatio: number; readonly projection: ProjectionFigures }
> & { readonly failed?: Readonly<Record<string, string>> };

/** What `npm run bench -- --json` prints: the embedded profile's figures, and under `kafka` the same names. */
export type BenchDocument = Figures & {
  readonly machine: Machine;
  /** `missing` says why this machine cannot have that profile's servers. */
  readonly kafka?: Figures | { readonly missing: string };
};

export type Machine = {
  /** ISO 8601. */
  readonly from: string;
  readonly minutes: number;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Cores that others kept busy, or took from this machine, just before each section: the most of it. */
  readonly othersBusyCores: number;
};
