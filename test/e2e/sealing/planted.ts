/** Secrets and tags in every form that people met, each with a value that stands nowhere else. */
export type Planted = { readonly form: string; readonly secret: string; readonly frame: string };

let count = 0;
const planted = (form: string, write: (secret: string) => string): Planted => {
  const secret = `PLANT${String(++count).padStart(3, '0')}qZx7Kw`;
  return { form, secret, frame: write(secret) };
};
const call = (action: string, payload: string) => `[2,"p${count}","${action}",${payload}]`;
const escaped = (text: string) =>
  text.replace(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

export const PLANTED: readonly Planted[] = [
  planted('an idTag', (s) => call('Authorize', `{"idTag":"${s}"}`)),
  planted('a name in escapes', (s) => call('Authorize', `{"\\u0069dTag":"${s}"}`)),
  planted('a value in escapes', (s) => call('Authorize', `{"idTag":"${escaped(s)}"}`)),
  planted('the name twice', (s) => call('Authorize', `{"idTag":"other","idTag":"${s}"}`)),
  planted(
    'a parent tag in an answer',
    (s) => `[3,"x",{"idTagInfo":{"status":"Accepted","parentIdTag":"${s}"}}]`,
  ),
  planted('a key by ChangeConfiguration', (s) =>
    call('ChangeConfiguration', `{"key":"AuthorizationKey","value":"${s}"}`),
  ),
  planted('its value before its key', (s) =>
    call('ChangeConfiguration', `{"value":"${s}","key":"AuthorizationKey"}`),
  ),
  planted(
    'a key read back',
    (s) => `[3,"y",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"${s}"}]}]`,
  ),
  planted('cut off in the value', (s) => `[2,"c1","Authorize",{"idTag":"${s}`),
  planted('cut off after the value', (s) => `[2,"c2","StartTransaction",{"idTag":"${s}","connectorId":`),
  planted('not JSON before it', (s) => `[2,"c3","Authorize",{"a":,"idTag":"${s}"}]`),
  planted('a password in a URL', (s) =>
    call('GetDiagnostics', `{"location":"ftp://user:${s}@example.com/logs"}`),
  ),
  planted('a token in a query', (s) =>
    call('UpdateFirmware', `{"location":"https://example.com/fw?token=${s}"}`),
  ),
  planted('a 2.x token in a list', (s) =>
    call('SendLocalList', `{"localAuthorizationList":[{"idToken":{"idToken":"${s}","type":"ISO14443"}}]}`),
  ),
  planted(
    'a 2.x group token',
    (s) => `[3,"z",{"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"${s}","type":"Central"}}}]`,
  ),
  planted('a 2.x password', (s) =>
    call(
      'SetVariables',
      `{"setVariableData":[{"attributeValue":"${s}","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`,
    ),
  ),
  planted('JSON inside a string', (s) =>
    call('DataTransfer', `{"vendorId":"v","data":"{\\"idTag\\":\\"${s}\\"}"}`),
  ),
];
