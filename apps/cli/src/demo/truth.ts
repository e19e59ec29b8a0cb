import { FAULTS, type Fault, type Ledger, type StatusTruth } from '@chargeproof/simulator';

/** In which nobody can charge (OCPP 1.6, 4.9). */
const OUT_OF_USE: ReadonlySet<string> = new Set(['Unavailable', 'Faulted']);

export type ConnectorTruth = {
  readonly station: string;
  readonly connector: number;
  readonly upSeconds: number;
  readonly downSeconds: number;
  /** How often it went up or down in the period. */
  readonly changes: number;
};

/** Milliseconds of the wall clock. */
export type Span = { readonly from: number; readonly to: number };

/**
 * How long each connector was in reach and in use, as the station itself knew it: its link stood, and
 * neither it nor the station as a whole was out of use.
 */
export function uptimeTruth(ledger: Ledger, period: Span): readonly ConnectorTruth[] {
  return connectorsOf(ledger).map(({ station, connector }) => {
    const links = ledger.links.filter((link) => link.station === station);
    const statuses = ledger.statuses.filter((status) => status.station === station);
    const isUpAt = (at: number) =>
      links.findLast((link) => link.at <= at)?.connected === true &&
      isInUse(statuses, 0, at) &&
      isInUse(statuses, connector, at);
    const inside = [...links, ...statuses]
      .map(({ at }) => at)
      .filter((at) => at > period.from && at < period.to);
    const bounds = [...new Set([period.from, ...inside, period.to])].sort((a, b) => a - b);
    let up = 0;
    let changes = 0;
    for (const [index, from] of bounds.slice(0, -1).entries()) {
      if (isUpAt(from)) up += (bounds[index + 1] ?? from) - from;
      if (index > 0 && isUpAt(from) !== isUpAt(bounds[index - 1] ?? from)) changes++;
    }
    return {
      station,
      connector,
      upSeconds: up / 1000,
      downSeconds: (period.to - period.from - up) / 1000,
      changes,
    };
  });
}

const isInUse = (statuses: readonly StatusTruth[], connector: number, at: number): boolean => {
  const last = statuses.findLast((status) => status.connector === connector && status.at <= at);
  return last !== undefined && !OUT_OF_USE.has(last.status);
};

function connectorsOf({ statuses }: Ledger): readonly { station: string; connector: number }[] {
  const seen = new Map<string, { station: string; connector: number }>();
  for (const { station, connector } of statuses)
    if (connector > 0) seen.set(`${station} ${connector}`, { station, connector });
  return [...seen.values()];
}

export type FindingTruth = { readonly station: string; readonly rule: string; readonly count: number };

/** What an examiner should find of the faults that were seeded, a line a station and rule. */
export function findingsTruth({ faults }: Ledger): readonly FindingTruth[] {
  const found = new Map<string, FindingTruth>();
  for (const { station, fault } of faults) {
    const { expected }: Fault = FAULTS[fault];
    for (const { rule, count } of expected) {
      const key = `${station} ${rule}`;
      found.set(key, { station, rule, count: count + (found.get(key)?.count ?? 0) });
    }
  }
  return [...found.values()];
}
