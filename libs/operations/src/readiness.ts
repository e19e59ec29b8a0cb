/** What has to be so for a process to be of use. */
export type Check = {
  readonly name: string;
  /** @returns why it is not so, in words of ours; undefined where it is. What it throws is a reason, too. */
  readonly fault: () => Promise<string | undefined> | string | undefined;
};

export type Reason = { readonly check: string; readonly reason: string };
export type Looked = { readonly status: 'ready' | 'not ready'; readonly reasons: readonly Reason[] };

const PATIENCE_MILLISECONDS = 2000;

/** Looks at everything at once, each for two seconds at most. */
export async function lookAt(
  checks: readonly Check[],
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<Looked> {
  const faults = await Promise.all(checks.map((check) => faultOf(check, patienceMilliseconds)));
  const reasons = faults.filter((fault) => fault !== undefined);
  return { status: reasons.length === 0 ? 'ready' : 'not ready', reasons };
}

async function faultOf({ name, fault }: Check, patienceMilliseconds: number): Promise<Reason | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    resolve(`no answer within ${patienceMilliseconds / 1000} s`);
  }, patienceMilliseconds);
  try {
    const reason = await Promise.race([fault(), late]);
    return reason === undefined ? undefined : { check: name, reason };
  } catch (error) {
    return { check: name, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
