import { ACTIONS_16 } from '@chargeproof/ocpp';
import type { Dialect } from '../dialect.ts';
import { ACTIONS } from './actions.ts';

/** OCPP-J 1.6, table 7: two of its codes are spelled as the document spells them. */
export const OCPP_16: Dialect = {
  protocol: 'ocpp1.6',
  name: 'OCPP 1.6',
  actions: ACTIONS,
  isForStations: (action) => ACTIONS_16.get(action) === 'csms-to-station',
  codes: {
    frame: 'FormationViolation',
    payload: 'FormationViolation',
    incomplete: 'ProtocolError',
    missing: 'OccurenceConstraintViolation',
    type: 'TypeConstraintViolation',
    value: 'PropertyConstraintViolation',
    unknown: 'NotImplemented',
    'for-stations': 'NotSupported',
    unregistered: 'SecurityError',
  },
};
