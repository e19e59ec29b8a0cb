import { join } from 'node:path';
import { onKafka } from './kafka.ts';
import { embedded, type ProfileName, type ProfileStart } from './profile.ts';
import { crashRun, type RunResult } from './run.ts';

export type SuiteOptions = {
  /** Everything that it leaves behind lies here. */
  readonly root: string;
  readonly profile: ProfileName;
  readonly rounds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
};

/** What `npm run crash -- --json` prints. */
export type Figures = {
  readonly rounds: number;
  readonly answeredFrames: number;
  /** Frames that were answered or passed on, and are not in the store. */
  readonly lost: number;
  readonly doubled: number;
  /** What the platform itself says it may lack: a gap of a connection. */
  readonly gaps: number;
  readonly killsInFlight: number;
  /** As `lost`, of the control, whose frames do not wait for the log. */
  readonly controlLost: number;
  readonly seed: number;
};

/** The control's rounds: loss is found at almost every kill. */
const CONTROL_SHARE = 10;
const LEAST_CONTROL_ROUNDS = 3;

const STARTS: Readonly<Record<ProfileName, ProfileStart>> = { embedded, kafka: onKafka };

/** The run, and the same with `beside-relay`, which must lose something. */
export async function crashSuite(options: SuiteOptions): Promise<{
  readonly figures: Figures;
  readonly run: RunResult;
  readonly control: RunResult;
}> {
  const { root, profile, rounds, seed, say } = options;
  const common = { profile: STARTS[profile], seed, say };
  const run = await crashRun({ ...common, root: join(root, 'run'), rounds, record: 'before-relay' });
  say('The control: the same, beside the log');
  const control = await crashRun({
    ...common,
    root: join(root, 'control'),
    rounds: Math.max(LEAST_CONTROL_ROUNDS, Math.ceil(rounds / CONTROL_SHARE)),
    record: 'beside-relay',
  });
  const { lost, doubled, gaps } = run.verdict;
  const { answeredFrames, killsInFlight } = run;
  const controlLost = control.verdict.lost;
  const figures = {
    rounds: run.rounds,
    answeredFrames,
    lost,
    doubled,
    gaps,
    killsInFlight,
    controlLost,
    seed,
  };
  return { figures, run, control };
}

/** Whether the run kept its promises, and the control shows that a breach would have been seen. */
export const holds = ({ verdict, leaks }: RunResult, control: RunResult): boolean =>
  verdict.lost === 0 &&
  verdict.doubled === 0 &&
  verdict.unexplained === 0 &&
  leaks.length === 0 &&
  control.verdict.lost > 0;
