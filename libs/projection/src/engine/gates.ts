import type { Offsets } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import type { Columns, Store, TableDefinition } from '@chargeproof/tables';

type Present = ReadonlyMap<number, ReadonlySet<string>>;

/**
 * Keeps rows out of a table that are in it already. Below the checkpoint all are; above it the table was
 * asked once, when the engine took the partitions: a process that died between an insert and its
 * checkpoint left some.
 */
export class Gate {
  readonly #written: Offsets;
  readonly #present: Present;
  /** partition → the first offset from which on nothing can be there. */
  readonly #until: Map<number, number>;

  constructor(written: Offsets, present: Present, until: Offsets) {
    this.#written = written;
    this.#present = present;
    this.#until = new Map(until);
  }

  /** partition → the first offset from which on nothing can be there. */
  get until(): Offsets {
    return this.#until;
  }

  /** Whether there is any position for which a table's rows must be looked at. */
  get asks(): boolean {
    return this.#until.size > 0;
  }

  /** Whether the position is below the checkpoint: all of its rows are written. */
  isWritten({ partition, offset }: Position): boolean {
    return this.#until.size > 0 && this.#until.has(partition) && offset < (this.#written.get(partition) ?? 0);
  }

  /** @param tell what tells rows of one position apart */
  admits({ partition, offset }: Position, tell = ''): boolean {
    if (this.#until.size === 0) return true;
    const until = this.#until.get(partition);
    if (until === undefined || offset >= until) return true;
    if (offset < (this.#written.get(partition) ?? 0)) return false;
    return this.#present.get(partition)?.has(nameOf(offset, tell)) !== true;
  }

  /** The partition was folded up to here: what lies below is not asked again. */
  passed(partition: number, next: number): void {
    if (next >= (this.#until.get(partition) ?? Infinity)) this.#until.delete(partition);
  }
}

const nameOf = (offset: number | string, tell: string) => `${offset}\u0000${tell}`;

export type GateRequest = {
  readonly store: Store;
  readonly table: TableDefinition;
  readonly generation: number;
  readonly partitions: readonly number[];
  /** The table's checkpoint: partition → the first offset that may be missing. */
  readonly written: Offsets;
  /** Columns that tell rows of one position apart. */
  readonly tellBy: Columns;
};

/** Asks a table which rows at or above its checkpoint it holds. */
export async function openGate(request: GateRequest): Promise<Gate> {
  const { store, table, generation, partitions, written, tellBy } = request;
  const tell = Object.entries(tellBy).map(([name, type]) => `${asText(name, type)}, '\\0', `);
  const found = await store.select<{ log_partition: number; log_offset: string; tell: string }>(
    `SELECT log_partition, log_offset, concat(${tell.join('')}'', '') AS tell FROM ${table.name}
     WHERE log_generation = {generation:UInt16} AND log_partition IN {own:Array(UInt16)} AND log_offset >=
       transform(log_partition, {partitions:Array(UInt16)}, {offsets:Array(UInt64)}, toUInt64(0))`,
    {
      generation,
      own: partitions,
      // An empty list has no type that `transform` could do with.
      partitions: [...written.keys(), 65_535],
      offsets: [...written.values(), 0],
    },
  );
  const present = new Map<number, Set<string>>();
  const until = new Map(written);
  for (const { log_partition, log_offset, tell } of found) {
    const names = present.get(log_partition) ?? new Set();
    present.set(log_partition, names.add(nameOf(log_offset, tell)));
    until.set(log_partition, Math.max(until.get(log_partition) ?? 0, Number(log_offset) + 1));
  }
  return new Gate(written, present, until);
}

/** As a row's value reads when JavaScript makes text of it. */
const asText = (name: string, type: string) =>
  type.startsWith('DateTime64') ? `toString(toUnixTimestamp64Micro(${name}))` : `toString(${name})`;
