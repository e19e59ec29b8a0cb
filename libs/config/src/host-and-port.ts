export type HostAndPort = { readonly host: string; readonly port: number };

/** `time.example`, `time.example:1123`, `10.0.0.1`, `[::1]:123`. @returns undefined for what is none of these */
export function hostAndPort(text: string, usualPort: number): HostAndPort | undefined {
  const [, bracketed, name, digits] = FORM.exec(text) ?? [];
  const host = bracketed ?? name;
  const port = digits === undefined ? usualPort : Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

const FORM = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::(\d{1,5}))?$/i;
