const meterValues = (value: number) =>
  `[2,"@ID@","MeterValues",{"connectorId":1,"transactionId":1017,"meterValue":[{"timestamp":"2026-11-21T10:00:00Z","sampledValue":[` +
  `{"value":"${value}","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"},` +
  `{"value":"11040","context":"Sample.Periodic","measurand":"Power.Active.Import","unit":"W"}]}]}]`;

/** What the stations of the load tests send in turn: mostly meter values, as a charging fleet does. */
export const CALLS: readonly string[] = [
  '[2,"@ID@","Heartbeat",{}]',
  '[2,"@ID@","Authorize",{"idTag":"04E91C5A123B80"}]',
  '[2,"@ID@","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"2026-11-21T10:00:00Z"}]',
  ...Array.from({ length: 7 }, (_, index) => meterValues(918_273 + 184 * index)),
];
