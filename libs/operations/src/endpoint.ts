import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromThisMachine } from './access.ts';
import { METRICS_TYPE, type Metrics } from './metrics.ts';
import { type Check, lookAt, type Reason } from './readiness.ts';

export type Operations = {
  readonly metrics: Metrics;
  readonly checks: readonly Check[];
  /** What is not as it should be, and provided for: told by a process that is ready. */
  readonly notes?: () => readonly Reason[];
  /** Who may look besides this machine's own. */
  readonly mayLook: (request: IncomingMessage) => boolean;
};

type Answer = { readonly status: number; readonly type: string; readonly body: string };

/**
 * What those who run a process ask of it, as Express middleware:
 *
 *   GET /healthz   200 while it lives; for everybody
 *   GET /readyz    200 where it is of use, `degraded` with reasons where something is away; else 503 `{ "status": "not ready", "reasons": [{ "check", "reason" }] }`
 *   GET /metrics   Prometheus' text
 *
 * The last two are for this machine's own and for those who may look; others get 401.
 */
export function operations({ metrics, checks, notes = () => [], mayLook }: Operations) {
  const answers: Readonly<Record<string, () => Promise<Answer>>> = {
    '/healthz': () => Promise.resolve(json(200, { status: 'ok' })),
    '/readyz': async () => {
      const looked = await lookAt(checks);
      if (looked.status !== 'ready') return json(503, looked);
      const reasons = notes();
      return json(200, reasons.length === 0 ? { status: 'ready' } : { status: 'degraded', reasons });
    },
    '/metrics': async () => ({ status: 200, type: METRICS_TYPE, body: await metrics.text() }),
  };
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const [path = ''] = (request.url ?? '').split('?');
    const isAsked = request.method === 'GET' || request.method === 'HEAD';
    const answer = isAsked && Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (answer === undefined) {
      next();
      return;
    }
    const isAllowed = path === '/healthz' || isFromThisMachine(request) || mayLook(request);
    (isAllowed ? answer() : Promise.resolve(REFUSED)).catch(unreadable).then((given) => {
      response.writeHead(given.status, { 'content-type': given.type, 'cache-control': 'no-store' });
      response.end(given.body);
    }, next);
  };
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

const REFUSED = json(401, {
  error: 'Only this machine itself may ask this, or whoever sends "Authorization: Bearer TOKEN"',
});

const unreadable = (error: unknown): Answer =>
  json(503, { error: error instanceof Error ? error.message : String(error) });
