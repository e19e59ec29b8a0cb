import { setTimeout as pause } from 'node:timers/promises';
import { answerTo, type Endpoint } from '../asking/graphql-response.ts';

/** What `requestCommand` takes. */
export type Wish = {
  readonly id?: string;
  readonly tenant: string;
  readonly station: string;
  readonly protocol?: string;
  readonly action: string;
  readonly payload: unknown;
  readonly fromPolicy?: boolean;
  readonly expiresSeconds?: number;
  readonly actor: string;
  readonly reason?: string;
};

/** A command as the API tells it; `answer` is the answer's message without its type and id. */
export type Commanded = {
  readonly id: string;
  readonly tenant: string;
  readonly station: string;
  readonly action: string;
  readonly state: string;
  readonly accepted: boolean | null;
  readonly why: string | null;
  readonly expiresAt: string;
  readonly answer: unknown;
};

type Told = Omit<Commanded, 'answer'> & {
  readonly exchange: { readonly answer: { readonly text: string | null } | null } | null;
};

const FIELDS = 'id tenant station action state accepted why expiresAt exchange { answer { text } }';
const REQUEST = `mutation ($input: RequestCommandInput!) { told: requestCommand(input: $input) { ${FIELDS} } }`;
const NOW = `query ($id: ID!, $tenant: String!) { told: command(id: $id, tenant: $tenant) { ${FIELDS} } }`;

const POLL_MILLISECONDS = 200;
/** Behind its expiry: the station's time to answer, and another gateway's to say that nobody did. */
const PATIENCE_MILLISECONDS = 100_000;
const WAITING: ReadonlySet<string> = new Set(['REQUESTED', 'SENT']);
const HEARD: ReadonlySet<string> = new Set(['ANSWERED', 'ERROR']);

/** @throws CommandFailed with what is wrong with it */
export async function requested(endpoint: Endpoint, wish: Wish): Promise<Commanded> {
  const { told } = await answerTo<{ told: Told }>(endpoint, REQUEST, { input: wish });
  return withAnswer(told);
}

/** What became of it, or how it stands where nobody says so in time. */
export async function whenEnded(endpoint: Endpoint, asked: Commanded): Promise<Commanded> {
  const { id, tenant, expiresAt } = asked;
  const until = Date.parse(expiresAt) + PATIENCE_MILLISECONDS;
  let last = asked;
  while (Date.now() < until) {
    const { told } = await answerTo<{ told: Told | null }>(endpoint, NOW, { id, tenant });
    if (told !== null) last = withAnswer(told);
    // The answer's frame is folded beside the decisions, and may come a moment later.
    if (!WAITING.has(last.state) && (last.answer !== null || !HEARD.has(last.state))) return last;
    await pause(POLL_MILLISECONDS);
  }
  return last;
}

function withAnswer({ exchange, ...told }: Told): Commanded {
  const text = exchange?.answer?.text ?? null;
  return { ...told, answer: text === null ? null : contentOf(text) };
}

function contentOf(text: string): unknown {
  try {
    const [type, , ...content] = JSON.parse(text) as readonly unknown[];
    return type === 3 ? content[0] : content;
  } catch {
    return text;
  }
}
