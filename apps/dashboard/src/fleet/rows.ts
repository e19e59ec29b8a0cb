import type { FleetFiguresQuery, FleetQuery } from '../questions/generated.ts';
import { toneOf } from '../parts/status.ts';

type Of<Entry> = readonly Entry[];
type Figures = {
  readonly uptime: Of<FleetFiguresQuery['uptime']['entries'][number]>;
  readonly findings: Of<FleetFiguresQuery['conformance']['findings'][number]>;
  readonly completeness: FleetFiguresQuery['completeness']['entries'][number] | undefined;
};

/** A station, with all that the fleet's questions answered of it. */
export type FleetRow = FleetQuery['stations']['nodes'][number] & {
  readonly link: FleetQuery['connections']['nodes'][number] | undefined;
  /** Undefined while they are not answered. */
  readonly figures: Figures | undefined;
};

export function fleetRows(fleet: FleetQuery, figures: FleetFiguresQuery | undefined): readonly FleetRow[] {
  const links = new Map(fleet.connections.nodes.map((link) => [link.station, link]));
  const by = figures && {
    uptime: Map.groupBy(figures.uptime.entries, ({ station }) => station),
    findings: Map.groupBy(figures.conformance.findings, ({ station }) => station),
    completeness: new Map(figures.completeness.entries.map((entry) => [entry.station, entry])),
  };
  return fleet.stations.nodes.map((one) => ({
    ...one,
    link: links.get(one.station),
    figures: by && {
      uptime: by.uptime.get(one.station) ?? [],
      findings: by.findings.get(one.station) ?? [],
      completeness: by.completeness.get(one.station),
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
  incomplete: ({ figures }) => figures?.completeness?.complete === false,
};

export const isShown = (name: string): name is ShownName => Object.hasOwn(SHOWN, name);

export function narrowed(rows: readonly FleetRow[], text: string, show: string): readonly FleetRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter((row) => {
    const words = [row.station, row.vendor, row.model, row.firmwareVersion].join(' ').toLowerCase();
    return words.includes(wanted) && (!isShown(show) || HOLDS[show](row));
  });
}
