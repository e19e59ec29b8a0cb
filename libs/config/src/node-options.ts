/**
 * What Node is told besides the file when it starts an app of ours. A gateway's young generation: V8 lets it grow to
 * 128 MiB while thousands of stations shake hands, and keeps it, 9 kB for each of 10,000. With 32 MiB it relays as fast.
 */
const NODE_OPTIONS: Readonly<Partial<Record<string, readonly string[]>>> = {
  gateway: ['--max-semi-space-size=16'],
};

/** @param app by the name of its folder */
export const nodeOptionsOf = (app: string): readonly string[] => NODE_OPTIONS[app] ?? [];
