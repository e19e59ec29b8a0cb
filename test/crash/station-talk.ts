/** A CALL and its answer. `by`: who calls. */
export type Exchange = {
  readonly by: 'station' | 'csms';
  readonly action: string;
  readonly payload: object;
  readonly answer: object;
};
/** Said at the time given, as the station writes it. */
export type Said = (timestamp: string) => Exchange;

export type Talker = {
  readonly serial: string;
  readonly random: () => number;
  /** What the central system gives to the next start. */
  readonly nextTransactionId: () => number;
};

/**
 * What a charger of OCPP 1.6 with one connector and its central system say, for ever: it boots, tells its
 * state and its configuration, is idle, charges a car, and so on. Of all CALLs about half are MeterValues
 * of one to eight samples, and a quarter heartbeats.
 */
export function* talk(talker: Talker): Generator<Said, never> {
  const { random } = talker;
  yield boot(talker.serial);
  yield status('Available');
  yield CONFIGURATION;
  for (let wattHours = 1000; ;) {
    for (let idle = 3 + Math.floor(random() * 9); idle > 0; idle--) yield HEARTBEAT;
    wattHours = yield* charging(talker, wattHours);
  }
}

/** @returns the register when the car has left */
function* charging({ random, nextTransactionId }: Talker, meterStart: number): Generator<Said, number> {
  const idTag = `TAG-${Math.floor(random() * 1000)}`;
  const transactionId = nextTransactionId();
  let wattHours = meterStart;
  yield status('Preparing');
  yield said('Authorize', { idTag }, ACCEPTED);
  const start = { connectorId: 1, idTag, meterStart };
  yield timed('StartTransaction', start, { transactionId, ...ACCEPTED });
  yield status('Charging');
  for (let samples = 5 + Math.floor(random() * 30); samples > 0; samples--) {
    wattHours += Math.floor(random() * 500);
    const sampledValue = samplesOf(wattHours, random);
    yield (timestamp) => {
      const payload = { connectorId: 1, transactionId, meterValue: [{ timestamp, sampledValue }] };
      return { by: 'station', action: 'MeterValues', payload, answer: {} };
    };
  }
  const stop = { idTag, transactionId, meterStop: wattHours, reason: 'EVDisconnected' };
  yield timed('StopTransaction', stop, ACCEPTED);
  yield status('Finishing');
  yield status('Available');
  return wattHours;
}

const ACCEPTED = { idTagInfo: { status: 'Accepted' } };

const said = (action: string, payload: object, answer: object): Said => {
  const exchange = { by: 'station', action, payload, answer } as const;
  return () => exchange;
};
const timed =
  (action: string, payload: object, answer: object): Said =>
  (timestamp) => ({ by: 'station', action, payload: { ...payload, timestamp }, answer });

const status = (state: string) =>
  timed('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: state }, {});

const HEARTBEAT: Said = (currentTime) => ({
  by: 'station',
  action: 'Heartbeat',
  payload: {},
  answer: { currentTime },
});

const boot =
  (chargePointSerialNumber: string): Said =>
  (currentTime) => ({
    by: 'station',
    action: 'BootNotification',
    payload: {
      chargePointVendor: 'Spec',
      chargePointModel: 'One',
      firmwareVersion: '1.0.7',
      chargePointSerialNumber,
    },
    answer: { status: 'Accepted', interval: 300, currentTime },
  });

const CONFIGURATION: Said = () => ({
  by: 'csms',
  action: 'GetConfiguration',
  payload: {},
  answer: {
    configurationKey: [
      { key: 'HeartbeatInterval', readonly: false, value: '300' },
      { key: 'MeterValueSampleInterval', readonly: false, value: '60' },
      { key: 'NumberOfConnectors', readonly: true, value: '1' },
      { key: 'AuthorizationKey', readonly: false },
    ],
  },
});

function samplesOf(wattHours: number, random: () => number): readonly object[] {
  const sampled = (measurand: string, value: number, unit: string, phase?: string) => ({
    value: value.toFixed(1),
    context: 'Sample.Periodic',
    measurand,
    ...(phase === undefined ? {} : { phase }),
    unit,
  });
  const perPhase = ['L1', 'L2', 'L3'].flatMap((phase) => [
    sampled('Current.Import', 10 + random() * 6, 'A', phase),
    sampled('Voltage', 228 + random() * 5, 'V', phase),
  ]);
  return [
    sampled('Energy.Active.Import.Register', wattHours, 'Wh'),
    sampled('Power.Active.Import', 7000 + random() * 4000, 'W'),
    ...perPhase.slice(0, Math.floor(random() * 7)),
  ];
}
