import { fileHere, outputOf } from '../processes.ts';
import type { ProjectionFigures } from '../projection.ts';
import { BOTH, type Section, type Stand } from './figure.ts';

const FRAMES = 100_000;
const STATIONS = 400;

/** In a process of its own, which ClickHouse shares on the embedded profile. */
export const projectionRatio: Section = {
  name: 'projection',
  about: 'log to tables against bare inserts of the same rows',
  profiles: BOTH,
  measure: async ({ profile }: Stand) => {
    const args = [profile.name, String(FRAMES), String(STATIONS)];
    const printed = await outputOf(fileHere('projection'), { args, settings: profile.settings });
    const projection = JSON.parse(printed) as ProjectionFigures;
    return { projectionRatio: projection.projectionRatio, projection };
  },
};
