import { z } from 'zod';
import { area } from './settings.ts';

/** What answers stations that no CSMS is behind (decision 22). */
export const centralSystem = area('centralSystem', {
  registration: z
    .string()
    .optional()
    .describe(
      'a JSON file of who may boot, as {"others": "Pending", "stations": {"CP-1": "Accepted"}}; absent: every station is accepted',
    ),
  idTags: z
    .string()
    .optional()
    .describe(
      'a JSON file of who may charge, as {"others": "Invalid", "idTags": {"TAG": "Accepted"}}; absent: every tag is accepted',
    ),
  readConfiguration: z
    .stringbool()
    .default(true)
    .describe('ask an OCPP 1.6 station for its configuration after each boot that is accepted'),
});
