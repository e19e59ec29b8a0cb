import { afterAll, beforeAll, describe } from 'vitest';
import { asOfScenarios } from './as-of.ts';
import { conformanceScenarios } from './conformance.ts';
import { energyScenarios } from './energy.ts';
import { identityScenarios } from './identity.ts';
import { lateScenarios } from './late.ts';
import { type Platform, startPlatform } from './platform.ts';
import { uptimeScenarios } from './uptime.ts';

// Troubles that people had, each from a thread: told into the log of one folder, asked of its API.
let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const here = () => platform;

describe('energy', () => {
  energyScenarios(here);
});
describe('which transaction', () => {
  identityScenarios(here);
});
describe('late and lost', () => {
  lateScenarios(here);
});
describe('uptime', () => {
  uptimeScenarios(here);
});
describe('conformance', () => {
  conformanceScenarios(here);
});
describe('as of', () => {
  asOfScenarios(here);
});
