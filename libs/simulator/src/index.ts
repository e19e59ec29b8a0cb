export * from './central-system.ts';
export * from './ledger.ts';
export * from './meter.ts';
export * from './peer.ts';
export * from './random.ts';
export * from './station.ts';
