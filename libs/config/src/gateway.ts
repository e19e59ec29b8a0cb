import { z } from 'zod';
import { addressRange } from './address-range.ts';
import { hostAndPort } from './host-and-port.ts';
import { area } from './settings.ts';
import { list } from './values.ts';

const MiB = 1024 * 1024;
const count = z.coerce.number().int();

export const NTP_PORT = 123;

const noRanges = (texts: readonly string[]) => texts.filter((text) => addressRange(text) === undefined);

/** The OCPP-J server and its relay (DESIGN 3, 9). */
export const gateway = area('gateway', {
  host: z.string().default('127.0.0.1').describe('address that stations connect to'),
  port: count
    .min(0)
    .max(65_535)
    .default(9220)
    .describe('port that stations connect to; 0 takes any free one'),
  open: z
    .stringbool()
    .default(false)
    .describe('listen beyond this machine though no credentials are asked of stations'),
  upstream: z
    .url({ protocol: /^wss?$/ })
    .optional()
    .describe('base URL of the CSMS, as ws://csms.example:80/ocpp; the station identity is appended'),
  routes: z
    .string()
    .optional()
    .describe(
      'a JSON file of upstreams by station, as {"station": "ws://csms.example", "tenant/station": "built-in"}',
    ),
  upstreamCa: z
    .string()
    .optional()
    .describe('PEM file of the authorities that vouch for the CSMS, in place of the public ones'),
  upstreamCertificate: z
    .string()
    .optional()
    .describe('PEM file of the certificate that the CSMS is shown for every station'),
  upstreamKey: z.string().optional().describe('PEM file of the key of that certificate'),
  credentials: z
    .string()
    .optional()
    .describe(
      'the file of station credentials that chargeproof credentials keeps; whoever is not in it is refused',
    ),
  record: z
    .enum(['before-relay', 'beside-relay'])
    .default('before-relay')
    .describe(
      'beside-relay: frames go on before they are durable; a crash loses answered ones, and answers say so',
    ),
  tlsCertificate: z
    .string()
    .optional()
    .describe(
      'PEM file of the certificate, with its chain, for stations that come by wss:// to the same port',
    ),
  tlsKey: z.string().optional().describe('PEM file of its key'),
  tlsClientCa: z
    .string()
    .optional()
    .describe("PEM file of the authorities that vouch for stations' own certificates"),
  securityProfile: z.coerce
    .number()
    .pipe(z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]))
    .optional()
    .describe(
      "OCPP's profile, what every station is asked at least: 0 nothing, 1 a key, 2 a key over TLS, 3 a certificate; absent: what the files make possible",
    ),
  handshakeSeconds: count
    .min(1)
    .default(10)
    .describe(
      'how long a station may take for its TLS handshake, and then for the request that it comes with',
    ),
  secondSocket: z
    .enum(['newest', 'both'])
    .default('newest')
    .describe(
      'when a station comes again whose socket is still open: newest ends the old one, both leaves it to the CSMS',
    ),
  framesPerSecond: count
    .min(0)
    .default(100)
    .describe(
      'frames a second of one station in the long run, a minute of them at once; beyond, its socket waits; 0: any number',
    ),
  handshakesPerMinute: count
    .min(0)
    .default(60)
    .describe('handshakes a minute of one station, and as many at once; beyond, it gets 429; 0: any number'),
  addressHandshakesPerMinute: count
    .min(0)
    .default(0)
    .describe(
      'the same of one address, which may be a whole site or a balancer that is not trusted; 0: any number',
    ),
  trustedProxies: list
    .refine((ranges) => noRanges(ranges).length === 0, {
      error: ({ input }) =>
        `${noRanges(input as string[]).join(', ')}: no address and no range as 10.0.0.0/8`,
    })
    .describe(
      'addresses and ranges, as 10.0.0.7,10.1.0.0/16, of balancers whose X-Forwarded-For says where a station comes from; of others it is ignored',
    ),
  compression: z
    .stringbool()
    .default(false)
    .describe('permessage-deflate: taken from stations that offer it, and offered to the CSMS'),
  tenants: list.describe(
    'tenants besides "default", separated by commas; a path that names another is answered 404',
  ),
  maxFrameBytes: count
    .min(1024)
    .default(4 * MiB)
    .describe('a larger frame is kept in part and its socket closed with 1009'),
  socketLimitBytes: count
    .min(1024)
    .default(16 * MiB)
    .describe('of a still larger one only that it happened is kept'),
  maxBufferedBytes: count
    .min(65_536)
    .default(8 * MiB)
    .describe('bytes in hand for one connection before its socket is paused'),
  tickSeconds: count.min(1).default(60).describe("seconds between a run's ticks"),
  ntp: z
    .string()
    .refine((text) => hostAndPort(text, NTP_PORT) !== undefined, 'is no host and port')
    .optional()
    .describe(
      "a time server, as time.example:123, asked every 15 minutes how far this host's clock is off; absent: nobody is asked, and it stays unknown",
    ),
  drainSeconds: count
    .min(0)
    .max(3600)
    .default(5)
    .describe(
      'on SIGTERM: within how many seconds stations are sent elsewhere, one after the other; 0: all at once',
    ),
  pingSeconds: count.min(0).default(30).describe('seconds between our pings on a quiet socket; 0 sends none'),
  pingsUnanswered: count
    .min(1)
    .default(2)
    .describe(
      'so many of them without an answer, one after the other, and the socket is taken for half open',
    ),
  upstreamTimeoutSeconds: count
    .min(1)
    .default(10)
    .describe("how long a station's upgrade waits for the CSMS"),
  upstreamHoldSeconds: count
    .min(0)
    .default(0)
    .describe(
      'how long an upgrade is held while the CSMS cannot be reached, which is tried again meanwhile; 0 refuses at once',
    ),
  allowBrowserOrigins: list.describe(
    'http(s) origins whose pages may open an OCPP socket, separated by commas',
  ),
});
