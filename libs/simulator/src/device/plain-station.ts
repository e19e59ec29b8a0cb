import type { StationDevice } from './profile.ts';

/** The least that tells one station from another. */
export type StationProfile = Pick<
  StationDevice,
  'identity' | 'vendor' | 'model' | 'firmwareVersion' | 'connectors' | 'maxWatts'
> &
  Partial<StationDevice>;

/** A Core station without habits worth a word, which samples nothing by itself. */
const PLAIN: Omit<
  StationDevice,
  keyof Pick<
    StationDevice,
    'identity' | 'vendor' | 'model' | 'firmwareVersion' | 'connectors' | 'maxWatts' | 'serialNumber'
  >
> = {
  kind: 'station',
  phases: 3,
  hardware: {
    sockets: 'Multiple',
    fixedCable: false,
    communication: 'Mobile network',
    rfidReaders: 'Single',
  },
  supportedProfiles: ['Core'],
  configuration: {
    AuthorizeRemoteTxRequests: 'false',
    ClockAlignedDataInterval: '0',
    HeartbeatInterval: '300',
    LocalAuthorizeOffline: 'true',
    MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import',
    MeterValueSampleInterval: '0',
    StopTransactionOnInvalidId: 'true',
    StopTxnSampledData: '',
    SupportedFeatureProfiles: 'Core',
    TransactionMessageAttempts: '3',
    TransactionMessageRetryInterval: '10',
  },
  habits: {
    timestamps: 'milliseconds',
    messageIds: 'counter',
    begins: 'transaction',
    afterStop: ['Finishing', 'Available'],
    afterReconnect: 'changed-status',
    energyUnit: 'Wh',
    statusTimestamp: true,
    stopIdTag: true,
    omitsDefaults: false,
  },
  timing: { response: { from: 0, to: 0 }, boot: 0 },
};

/** The whole station: what is not said of it is plain. */
export const wholeStation = (profile: StationProfile): StationDevice => ({
  ...PLAIN,
  serialNumber: profile.identity.slice(0, 25),
  ...profile,
});
