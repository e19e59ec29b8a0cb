import type { Micros } from '@chargeproof/record';

/** What a party may say: JSON as it is written; `undefined` members are left out. */
type Said = unknown;

/** What a peer knows of a station when it speaks. */
export type Moment = {
  /** True time, microseconds. */
  readonly now: Micros;
  /** Transaction ids that the central system gave this station, oldest first. */
  readonly given: readonly number[];
  /** How many of them since its last boot: central systems that count from there give the same ids again. */
  readonly sinceBoot: number;
};

type Speech = (moment: Moment, pick: Pick) => Said;
/** Takes one of several. */
type Pick = <One>(of: readonly One[]) => One;

/** Reads one number as many choices, the first of each list where it is 0: so that what shrinks becomes plain. */
function picker(choice: number): Pick {
  let left = choice;
  return (of) => {
    const one = of[left % of.length] as (typeof of)[number];
    left = Math.floor(left / of.length);
    return one;
  };
}

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const iso = (time: Micros) => new Date(Math.trunc(time / 1000)).toISOString();
const LONG = 'x'.repeat(300);

/** In time, from an outage, from clocks that were never set, in forms of the field, and none. */
const stationTime = ({ now }: Moment, pick: Pick): Said =>
  pick([
    iso(now),
    iso(now - SECOND),
    iso(now - 2 * HOUR),
    `${iso(now).slice(0, 19)}+00`,
    iso(now).slice(0, 19),
    '1970-01-01T00:00:00.000Z',
    '2099-12-31T23:59:59Z',
    undefined,
    'noon',
    7,
  ]);

/** 10 kW from 20 kWh on, in Wh; and registers that fall, begin again, or are none. */
const register = ({ now }: Moment, pick: Pick): Said => {
  const wh = Math.trunc(now / 360_000) - 4_981_900_000;
  return pick([wh, wh, wh, wh * 1000, 0, wh - 20, -5, String(wh), wh / 1000, undefined, 1e21]);
};

const connector = (pick: Pick): Said => pick([1, 1, 2, 1, 2, 0, '2', -1, 1e21, undefined]);
const idTag = (pick: Pick): Said => pick(['TAG-1', 'TAG-1', 'TAG-2', 'tag-1', undefined, LONG]);
const transactionId = ({ given }: Moment, pick: Pick): Said => {
  const newest = given.at(-1) ?? 1;
  return pick([newest, newest, newest, given.at(-2) ?? 2, undefined, 424_242, 0, -1, String(newest), null]);
};

const sampledValue = (moment: Moment, pick: Pick): Said => {
  const value = register(moment, pick);
  return pick<Said>([
    [{ value: String(value) }],
    [
      {
        value: String(value),
        measurand: 'Energy.Active.Import.Register',
        unit: 'Wh',
        context: 'Sample.Periodic',
      },
    ],
    [
      { value: '12.5', unit: 'kWh' },
      { value: 230, measurand: 'Voltage', phase: 'L1-N', unit: 'V' },
    ],
    [{ value: 'none' }, { value: '-1', measurand: 'Power.Active.Import', location: 'Outlet' }],
    [{}],
    [],
    { value: '7' },
  ]);
};
const meterValue = (moment: Moment, pick: Pick): Said => {
  const one = { timestamp: stationTime(moment, pick), sampledValue: sampledValue(moment, pick) };
  return pick<Said>([[one], [one], [one, { ...one, timestamp: iso(moment.now) }], [], one]);
};

/** Actions of a station that move transactions: what it sends again while it is not answered. */
export const REPEATED: ReadonlySet<string> = new Set(['StartTransaction', 'StopTransaction', 'MeterValues']);

/** What a station says of its own accord, by action. */
const STATION_SAYS: Readonly<Record<string, Speech>> = {
  Heartbeat: () => ({}),
  Authorize: (_, pick) => ({ idTag: idTag(pick) }),
  DataTransfer: (_, pick) => ({ vendorId: pick<Said>(['Vendor', 7]), data: pick(['', LONG]) }),
  FirmwareStatusNotification: (_, pick) => ({ status: pick<Said>(['Idle', 'Downloading', 'Installed', 3]) }),
  BootNotification: (_, pick) => ({
    chargePointVendor: pick<Said>(['Vendor', 'Other', 7, undefined]),
    chargePointModel: pick<Said>(['One', 'One', 'Two', LONG, null]),
    firmwareVersion: pick<Said>(['1.0', '1.1', undefined]),
    chargePointSerialNumber: pick<Said>(['S-1', undefined]),
  }),
  StatusNotification: (moment, pick) => ({
    connectorId: connector(pick),
    status: pick<Said>([
      ...['Available', 'Preparing', 'Charging', 'SuspendedEV', 'Finishing', 'Faulted', 'Unavailable'],
      ...['Dancing', undefined, 3],
    ]),
    errorCode: pick(['NoError', 'NoError', 'GroundFailure', undefined]),
    timestamp: stationTime(moment, pick),
    info: pick([undefined, 'as it is']),
  }),
  StartTransaction: (moment, pick) => ({
    connectorId: connector(pick),
    idTag: idTag(pick),
    timestamp: stationTime(moment, pick),
    meterStart: register(moment, pick),
    reservationId: pick([undefined, 4]),
  }),
  MeterValues: (moment, pick) => ({
    transactionId: transactionId(moment, pick),
    connectorId: connector(pick),
    meterValue: meterValue(moment, pick),
  }),
  StopTransaction: (moment, pick) => ({
    transactionId: transactionId(moment, pick),
    timestamp: stationTime(moment, pick),
    meterStop: register(moment, pick),
    reason: pick([undefined, 'EVDisconnected', 'PowerLoss']),
    transactionData: pick([undefined, 1]) === undefined ? undefined : meterValue(moment, pick),
  }),
};

/** What a central system asks of a station, by action. */
const CSMS_SAYS: Readonly<Record<string, Speech>> = {
  TriggerMessage: (_, pick) => ({ requestedMessage: pick(['StatusNotification', 'BootNotification']) }),
  GetConfiguration: (_, pick) => pick<Said>([{}, { key: ['HeartbeatInterval'] }]),
  ChangeConfiguration: (_, pick) => ({
    key: pick<Said>(['HeartbeatInterval', 'heartbeatinterval', 'Unheard', LONG, undefined]),
    value: pick<Said>(['300', '60', '', 7, undefined]),
  }),
  RemoteStartTransaction: (_, pick) => ({ idTag: idTag(pick), connectorId: connector(pick) }),
};

const status =
  (...known: readonly string[]): Speech =>
  (_, pick) => ({ status: pick<Said>([...known, 3]) });
const idTagInfo = (pick: Pick) => ({
  status: pick(['Accepted', 'Accepted', 'Accepted', 'Invalid', 'Blocked', 'Expired', 'ConcurrentTx']),
});

/** What answers a CALL, by its action; `{}` where the table has none. */
const ANSWERS: Readonly<Record<string, Speech>> = {
  BootNotification: ({ now }, pick) => ({
    status: pick<Said>(['Accepted', 'Accepted', 'Pending', 'Rejected', 3]),
    currentTime: iso(now),
    interval: pick<Said>([300, 0, '60', 1e21]),
  }),
  Heartbeat: ({ now }) => ({ currentTime: iso(now) }),
  Authorize: (_, pick) => ({ idTagInfo: idTagInfo(pick) }),
  DataTransfer: status('Accepted', 'UnknownVendorId'),
  StopTransaction: (_, pick) => pick<Said>([{}, { idTagInfo: idTagInfo(pick) }]),
  StartTransaction: ({ given, sinceBoot }, pick) => ({
    transactionId: pick<Said>([given.length + 1, given.length + 1, sinceBoot + 1, 0, -1, 7, '8', undefined]),
    idTagInfo: idTagInfo(pick),
  }),
  TriggerMessage: status('Accepted', 'Rejected', 'NotImplemented'),
  RemoteStartTransaction: status('Accepted', 'Rejected'),
  ChangeConfiguration: status('Accepted', 'RebootRequired', 'Rejected', 'NotSupported'),
  GetConfiguration: (_, pick) => ({
    configurationKey: pick<Said>([
      [
        { key: 'HeartbeatInterval', readonly: false, value: pick(['300', '60']) },
        { key: 'NumberOfConnectors', readonly: true, value: '2' },
      ],
      [
        { key: 'HEARTBEATINTERVAL', readonly: pick<Said>([false, true, 'no']) },
        { key: LONG, value: LONG },
      ],
      [{ value: 'of no key' }, 7, { key: 'NumberOfConnectors', readonly: true, value: 2 }],
      undefined,
    ]),
    unknownKey: pick<Said>([undefined, ['Unheard'], [7, 'HeartbeatInterval'], 'Unheard']),
  }),
};

export const STATION_ACTIONS = Object.keys(STATION_SAYS);
export const CSMS_ACTIONS = Object.keys(CSMS_SAYS);

/** The payload as it was meant, and once in five times nothing of the kind. */
const spoilt = (payload: Said, pick: Pick): Said =>
  pick<Said>([...Array.from({ length: 16 }, () => payload), {}, null, [payload], 'text']);

/** The payload of a CALL, as one number chooses it; 0 is the plainest. */
export function callPayload(action: string, fromStation: boolean, moment: Moment, choice: number): Said {
  const pick = picker(choice);
  const speech = (fromStation ? STATION_SAYS : CSMS_SAYS)[action];
  return speech === undefined ? {} : spoilt(speech(moment, pick), pick);
}

/** The payload of a CALLRESULT to that action. */
export function answerPayload(action: string, moment: Moment, choice: number): Said {
  const pick = picker(choice);
  return spoilt(ANSWERS[action]?.(moment, pick) ?? {}, pick);
}

/** The transaction id in a StartTransaction.conf, where it has one. */
export function idGiven(action: string, payload: Said): number | undefined {
  if (action !== 'StartTransaction' || typeof payload !== 'object' || payload === null) return undefined;
  const id = (payload as { readonly transactionId?: unknown }).transactionId;
  return typeof id === 'number' ? id : undefined;
}
