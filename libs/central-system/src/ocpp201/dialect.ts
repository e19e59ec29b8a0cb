import type { Dialect } from '../dialect.ts';
import { ACTIONS } from './actions.ts';

/** OCPP-J 2.0.1, 4.3. What is not of its Core is not implemented, whoever begins it. */
export const OCPP_201: Dialect = {
  protocol: 'ocpp2.0.1',
  name: 'OCPP 2.0.1 Core',
  actions: ACTIONS,
  isForStations: () => false,
  codes: {
    frame: 'RpcFrameworkError',
    payload: 'FormatViolation',
    incomplete: 'ProtocolError',
    missing: 'OccurrenceConstraintViolation',
    type: 'TypeConstraintViolation',
    value: 'PropertyConstraintViolation',
    unknown: 'NotImplemented',
    'for-stations': 'NotSupported',
    unregistered: 'SecurityError',
  },
  unreadableId: '-1',
};
