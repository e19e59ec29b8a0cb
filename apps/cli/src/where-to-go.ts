import { type api, type gateway, isLoopback, type kafka, type store } from '@chargeproof/config';
import { type SettingsOf, shownUrl, variableName } from '@chargeproof/config';
import { whereRecordLies, whereTablesLie } from './where-it-lies.ts';

type Settings = SettingsOf<{
  api: typeof api;
  gateway: typeof gateway;
  kafka: typeof kafka;
  store: typeof store;
}>;
export type Addresses = { readonly stations: string; readonly questions: string; readonly folder: string };

const WIDTH = 21;
const line = (what: string, where: string) => `${what.padEnd(WIDTH)}${where}\n`;

/** What start-up tells a person: where to point a charger, who answers it, where to look, and how others get in. */
export function whereToGo(settings: Settings, { stations, questions, folder }: Addresses): string {
  return [
    line('Point a station at', `${stations}/ocpp/<station>`),
    ...whoAnswers(settings.gateway).map(([what, where]) => line(what, where)),
    line('Look at', questions),
    line('Ask questions at', `${questions}/graphql`),
    line('Recorded in', whereRecordLies(settings, folder)),
    line('Tables in', whereTablesLie(settings, folder)),
    ...howToOpen(settings).map(([what, where]) => line(what, where)),
  ].join('');
}

type Said = readonly [what: string, where: string];

function whoAnswers({ upstream, routes, credentials }: Settings['gateway']): Said[] {
  const common: Said =
    upstream === undefined
      ? [
          'answered by',
          `the built-in central system, OCPP 1.6 and 2.0.1 (${variableName('gateway', 'upstream')} relays)`,
        ]
      : ['relayed to', withStation(upstream)];
  return [
    common,
    ...(routes === undefined ? [] : [['except those in', routes] as const]),
    ...(credentials === undefined ? [] : [['known by', credentials] as const]),
  ];
}

/** The password in a URL is nobody's to read. */
function withStation(upstream: string): string {
  const [shown = '', query] = shownUrl(upstream).split('?');
  const url = shown.includes('{station}') ? shown : `${shown.replace(/\/$/, '')}/<station>`;
  return query === undefined ? url : `${url}?${query}`;
}

/** While one of the two listens on this machine only. */
function howToOpen({ api, gateway }: Settings): Said[] {
  if (!isLoopback(gateway.host) && !isLoopback(api.host)) return [];
  return [
    [
      'For other machines',
      `chargers: ${variableName('gateway', 'host')}=0.0.0.0 and ${variableName('gateway', 'credentials')}=FILE`,
    ],
    ['', '(npx chargeproof credentials add STATION --file FILE makes it)'],
    ['', `questions: ${variableName('api', 'host')}=0.0.0.0 and ${variableName('api', 'token')}=TOKEN`],
  ];
}
