import type { KeyDefinition, StandardKey } from './standard-keys.ts';

/** The functionalities an OCPP 1.6 certificate tells of, by the names of SupportedFeatureProfiles (9.1.24). */
export type FeatureProfile =
  | 'Core'
  | 'FirmwareManagement'
  | 'LocalAuthListManagement'
  | 'Reservation'
  | 'SmartCharging'
  | 'RemoteTrigger';

/** A time in seconds: what the vendor declared, and what the laboratory measured. */
export type Performance = { readonly declared: number; readonly measured: number };

/** What the paper says, beside what the device itself would say. */
export type Certificate = {
  readonly number: string;
  readonly extent: 'Full' | 'Subset';
  readonly holder: string;
  readonly productType: 'Charging Station' | 'Charging Station Management System';
  readonly productSubtype?: 'Mode 1/2-only Charging Station';
  readonly designation: string;
  readonly softwareVersion: string;
  /** As `2022-01-25`. */
  readonly date: string;
  readonly reportReference: string;
  readonly octt: string;
  /** Whether the device sends milliseconds in timestamps. */
  readonly milliseconds: boolean;
  readonly passed: readonly FeatureProfile[];
  readonly performance: {
    readonly triggeredFunction?: Performance;
    readonly response: Performance;
    readonly remoteStart?: Performance;
    readonly authorize?: Performance;
  };
};

export type Hardware = {
  readonly sockets: 'Single' | 'Multiple';
  readonly fixedCable: boolean;
  readonly communication: 'Mobile network' | 'Wifi';
  readonly rfidReaders: 'None' | 'Single';
};

/** What stations do differently though the standard lets them, or though it does not. */
export type Habits = {
  readonly timestamps: 'milliseconds' | 'seconds';
  /** A counter that starts again at each boot, or a UUID. */
  readonly messageIds: 'counter' | 'uuid';
  /** Which goes first when charging begins. */
  readonly begins: 'status' | 'transaction';
  /** What a connector says of itself once its transaction has stopped, in order. */
  readonly afterStop: readonly ('Finishing' | 'Available')[];
  /** Whether a link that came back brings every status, or only those that changed. */
  readonly afterReconnect: 'every-status' | 'changed-status';
  readonly energyUnit: 'Wh' | 'kWh';
  /** Whether optional members are sent. */
  readonly statusTimestamp: boolean;
  readonly stopIdTag: boolean;
  /** Leaves units and contexts out where they are what OCPP takes for granted. */
  readonly omitsDefaults: boolean;
};

/** Milliseconds. */
export type Timing = {
  /** How long it takes to answer the central system. */
  readonly response: { readonly from: number; readonly to: number };
  /** From the end of one power cycle until it connects again. */
  readonly boot: number;
};

/** A charging station as data. */
export type StationDevice = {
  readonly kind: 'station';
  /** Its name in the URL. */
  readonly identity: string;
  /** chargePointVendor and chargePointModel: at most 20 characters (OCPP 1.6, 6.3). */
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
  readonly connectors: number;
  readonly phases: 1 | 3;
  readonly maxWatts: number;
  readonly hardware: Hardware;
  readonly supportedProfiles: readonly FeatureProfile[];
  /** The value of each key it has; null where the certificate has "-": there is no such key. */
  readonly configuration: Readonly<Partial<Record<StandardKey, string | null>>>;
  /** Keys whose access differs from the standard's table. */
  readonly access?: Readonly<Partial<Record<StandardKey, KeyDefinition['access']>>>;
  readonly habits: Habits;
  readonly timing: Timing;
};

export type CertifiedStation = StationDevice & {
  readonly certificate: Certificate;
  readonly configuration: Readonly<Record<StandardKey, string | null>>;
};

/** A central system as data. */
export type CentralSystemDevice = {
  readonly kind: 'central-system';
  readonly name: string;
  readonly vendor: string;
  readonly softwareVersion: string;
  readonly supportedProfiles: readonly FeatureProfile[];
  readonly habits: Pick<Habits, 'timestamps' | 'messageIds'>;
  readonly timing: Pick<Timing, 'response'>;
};

export type CertifiedCentralSystem = CentralSystemDevice & { readonly certificate: Certificate };

export type DeviceProfile = StationDevice | CentralSystemDevice;
