import type { FleetFiguresQuery, FleetQuery } from '../questions/generated.ts';
import { type Told, toldBy } from '../parts/gaps.ts';
import { toneOf } from '../parts/status.ts';
import type { Period } from '../scope/use-period.ts';

type Of<Entry> = readonly Entry[];
type Completeness = FleetFiguresQuery['completeness']['entries'][number];
type Figures = {
  readonly uptime: Of<FleetFiguresQuery['uptime']['entries'][number]>;
  readonly findings: Of<FleetFiguresQuery['conformance']['findings'][number]>;
  /** Undefined where nothing is recorded of it in the period. */
  readonly told: Told<Completeness['gaps'][number]> | undefined;
};

/** A station, with all that the fleet's questions answered of it. */
export type FleetRow = FleetQuery['stations']['nodes'][number] & {
  readonly link: FleetQuery['connections']['nodes'][number] | undefined;
  /** Undefined while they are not answered. */
  readonly figures: Figures | undefined;
};

export function fleetRows(
  fleet: FleetQuery,
  figures: FleetFiguresQuery | undefined,
  period: Period,
): readonly FleetRow[] {
  const links = new Map(fleet.connections.nodes.map((link) => [link.station, link]));
  const by = figures && {
    uptime: Map.groupBy(figures.uptime.entries, ({ station }) => station),
    findings: Map.groupBy(figures.conformance.findings, ({ station }) => station),
    gaps: new Map(figures.completeness.entries.map(({ station, gaps }) => [station, gaps])),
  };
  const told = (gaps: Completeness['gaps'] | undefined, firstSeen: string) =>
    gaps && toldBy(gaps, period, firstSeen);
  return fleet.stations.nodes.map((one) => ({
    ...one,
    link: links.get(one.station),
    figures: by && {
      uptime: by.uptime.get(one.station) ?? [],
      findings: by.findings.get(one.station) ?? [],
      told: told(by.gaps.get(one.station), one.firstSeen),
    },
  }));
}

/** What the fleet can be narrowed to, as `?show=` names it. */
export const SHOWN = {
  faulted: 'Faulted',
  offline: 'Not linked',
  charging: 'Charging',
  findings: 'With findings',
  incomplete: 'With gaps',
} as const;
export type ShownName = keyof typeof SHOWN;

const HOLDS: Readonly<Record<ShownName, (row: FleetRow) => boolean>> = {
  faulted: ({ connectors }) => connectors.some(({ status }) => toneOf(status) === 'fault'),
  offline: ({ link }) => link === undefined,
  charging: ({ connectors }) => connectors.some(({ status }) => status === 'Charging'),
  findings: ({ figures }) => (figures?.findings.length ?? 0) > 0,
  incomplete: ({ figures }) => (figures?.told?.holes.length ?? 0) > 0,
};

export const isShown = (name: string): name is ShownName => Object.hasOwn(SHOWN, name);

export function narrowed(rows: readonly FleetRow[], text: string, show: string): readonly FleetRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter((row) => {
    const words = [row.station, row.vendor, row.model, row.firmwareVersion].join(' ').toLowerCase();
    return words.includes(wanted) && (!isShown(show) || HOLDS[show](row));
  });
}
