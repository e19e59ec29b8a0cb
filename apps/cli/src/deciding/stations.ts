import type { Endpoint } from '../asking/graphql-response.ts';
import { decided, type Deciding, listed } from './asking.ts';

const STATION = 'station status interval source decision actor reason decidedAt';
const DECISION = `id tenant station registration { ${STATION} } actor reason`;

/** @param stations none: all */
export const stationsListed = (endpoint: Endpoint, tenant: string, stations: readonly string[]) =>
  listed(
    endpoint,
    {
      name: 'registrations',
      arguments: { declared: ', $station: [String!]', given: ', station: $station' },
      fields: STATION,
      othersFields: STATION,
    },
    { tenant, station: stations.length === 0 ? null : stations },
  );

export type Registration = { readonly status: string; readonly interval?: number | undefined };

export const stationSet = (
  endpoint: Endpoint,
  by: Deciding,
  station: string,
  { status, interval }: Registration,
) =>
  decided(endpoint, 'setRegistration', DECISION, {
    ...by,
    station,
    status: status.toUpperCase(),
    interval,
  });

export const stationRemoved = (endpoint: Endpoint, by: Deciding, station: string) =>
  decided(endpoint, 'removeRegistration', DECISION, { ...by, station });

/** @param registration undefined: nothing is decided of them any more */
export const otherStationsSet = (endpoint: Endpoint, by: Deciding, registration: Registration | undefined) =>
  decided(endpoint, 'setOtherRegistrations', DECISION, {
    ...by,
    status: registration?.status.toUpperCase() ?? null,
    interval: registration?.interval,
  });
