import { type Commands, status } from './command.ts';
import type { Connector } from './connector.ts';
import type { SimulatedStation } from './station.ts';

/** Commands of the Core profile (OCPP 1.6, 5). */
export const CORE: Commands = {
  GetConfiguration: (station, { key }) => ({
    answer: { payload: station.configuration.read(Array.isArray(key) ? key.map(String) : []) },
  }),
  ChangeConfiguration: (station, { key, value }) =>
    status(station.configuration.change(String(key), String(value))),
  ClearCache: ({ configuration }) =>
    status(configuration.has('AuthorizationCacheEnabled') ? 'Accepted' : 'Rejected'),
  DataTransfer: () => status('UnknownVendorId'),
  Reset: (station, { type }) =>
    status('Accepted', () => station.reboot(type === 'Hard' ? 'HardReset' : 'SoftReset')),
  ChangeAvailability: (station, { connectorId, type }) =>
    changeAvailability(station, Number(connectorId), type),
  UnlockConnector: (station, { connectorId }) => {
    const connector = station.connectors[Number(connectorId)];
    if (connector === undefined || connector.id === 0 || station.device.hardware.fixedCable)
      return status('NotSupported');
    return status('Unlocked', () => station.stop(connector.id, 'UnlockCommand'));
  },
  RemoteStartTransaction: (station, { connectorId, idTag }) => {
    const connector = station.connectors.find(({ id, status: now }) => {
      const asked = connectorId === undefined || connectorId === id;
      return id > 0 && asked && (now === 'Available' || now === 'Preparing');
    });
    if (connector === undefined) return status('Rejected');
    return status('Accepted', () => startFromAfar(station, connector, String(idTag)));
  },
  RemoteStopTransaction: (station, { transactionId }) => {
    const connector = station.connectors.find(
      ({ charging }) => charging !== undefined && charging.truth.transactionId === transactionId,
    );
    if (connector === undefined) return status('Rejected');
    return status('Accepted', () => station.stop(connector.id, 'Remote'));
  },
};

async function startFromAfar(station: SimulatedStation, { id }: Connector, idTag: string): Promise<void> {
  if (station.connector(id).status === 'Available') await station.become(id, 'Preparing');
  const isFree = !station.configuration.isOn('AuthorizeRemoteTxRequests') || (await station.authorize(idTag));
  if (isFree) await station.start(id, idTag);
  else await station.become(id, 'Available');
}

/** Connector 0 is the station and with it every connector (OCPP 1.6, 5.2). */
function changeAvailability(station: SimulatedStation, id: number, type: unknown) {
  const concerned = id === 0 ? station.connectors : station.connectors.filter((one) => one.id === id);
  if (concerned.length === 0) return status('Rejected');
  const wanted = type === 'Inoperative' ? 'Unavailable' : 'Available';
  const busy = concerned.filter(({ charging }) => charging !== undefined);
  for (const connector of busy) connector.leavesService = wanted === 'Unavailable';
  const idle = concerned.filter((one) => one.charging === undefined && one.status !== wanted);
  const duty = async () => {
    for (const connector of idle) await station.become(connector.id, wanted);
  };
  return status(busy.length > 0 && wanted === 'Unavailable' ? 'Scheduled' : 'Accepted', duty);
}
