import type { LoggedRecord } from '@chargeproof/record';
import { FRAME_PARTITIONS } from '@chargeproof/record';
import { isImport } from '../fold/imports.ts';
import { isRunRecord } from '../fold/items.ts';
import type { Chooser } from './arbitraries.ts';
import type { Appended } from './gateway-run.ts';

/** When the log begins to be written, microseconds; each record is logged a millisecond after the one before. */
const LOGGED_FROM = 1_793_491_200_000_000;

/** Gives the records their places in the log, in this order. The same record may stand in it more than once. */
export function toLog(appended: readonly Appended[]): readonly LoggedRecord[] {
  const offsets = Array.from({ length: FRAME_PARTITIONS }, () => 0);
  return appended.map(({ partition, record }, index) => {
    const offset = offsets[partition] ?? 0;
    offsets[partition] = offset + 1;
    return {
      ...record,
      position: { generation: 0, partition, offset },
      loggedAt: LOGGED_FROM + index * 1000,
    };
  });
}

/**
 * Another order in which the same records may reach the log. What holds: order inside a connection, a
 * run's start before all it wrote, its ticks and its stop in their order and after the records they
 * count; and one import of a station at a time. Everything else is chosen: connections meet anyhow, of one
 * gateway or of two, and a recording comes before what it shows or long after.
 */
export function interleave(appended: readonly Appended[], chooser: Chooser): readonly Appended[] {
  return merge(lanesOf(appended), (ready) => ready[chooser.below(ready.length)], chooser);
}

/** A spool that drains late: what this connection wrote comes after all that need not follow it. */
export function spoolLate(appended: readonly Appended[], connection: string): readonly Appended[] {
  return merge(
    lanesOf(appended),
    (ready) =>
      ready.find(([first]) => first?.appended.record.attributes.connection !== connection) ?? ready[0],
  );
}

type Waiting = { readonly appended: Appended; readonly after: readonly Appended[] };
type Lane = readonly Waiting[];

function merge(
  lanes: readonly Waiting[][],
  choose: (ready: readonly Waiting[][]) => Waiting[] | undefined,
  chooser?: Chooser,
): readonly Appended[] {
  const ordered: Appended[] = [];
  const done = new Set<Appended>();
  for (;;) {
    const lane = choose(lanes.filter((one) => isReady(one, done)));
    if (lane === undefined) return ordered;
    for (let burst = 1 + (chooser?.below(6) ?? 0); burst > 0 && isReady(lane, done); burst--) {
      const next = lane.shift();
      if (next === undefined) break;
      ordered.push(next.appended);
      done.add(next.appended);
    }
  }
}

function isReady([first]: Lane, done: ReadonlySet<Appended>): boolean {
  return first?.after.every((other) => done.has(other)) ?? false;
}

/** Records that keep their order among themselves, each with what must come before it. */
function lanesOf(appended: readonly Appended[]): Waiting[][] {
  const lanes = new Map<string, Waiting[]>();
  const ofRun = new Map<string, Appended[]>();
  for (const one of appended) {
    const { key, attributes } = one.record;
    const { connection, source, id } = attributes;
    const written = `${source}.${one.partition}`;
    const earlier = ofRun.get(written) ?? [];
    const name = isOfRun(one) ? written : isImport(one.record) ? `of ${key}` : (connection ?? id);
    const after = isOfRun(one) ? earlier : earlier.slice(0, 1).filter(isOfRun);
    lanes.set(name, [...(lanes.get(name) ?? []), { appended: one, after: [...after] }]);
    ofRun.set(written, [...earlier, one]);
  }
  return [...lanes.values()];
}

const isOfRun = ({ record }: Appended) => isRunRecord(record);
