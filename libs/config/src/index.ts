export * from './address-range.ts';
export * from './reference.ts';
export * from './layout.ts';
export * from './loopback.ts';
export * from './api-token.ts';
export * from './areas.ts';
export * from './central-system.ts';
export { readSettingFile } from './setting-file.ts';
export * from './environment.ts';
export * from './gateway.ts';
export * from './host-and-port.ts';
export * from './kafka.ts';
export * from './kafka-connection.ts';
export { nodeOptionsOf } from './node-options.ts';
export {
  type Area,
  BadSettings,
  effectiveSettings,
  type Environment,
  PREFIX,
  readSettings,
  shownUrl,
  type SettingsOf,
  variableName,
} from './settings.ts';
export { onCi, test as testArea } from './test-environment.ts';
