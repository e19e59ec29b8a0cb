/** What the gateway has to know of the spool before its log: `SpooledLog` of libs/log-spool is one. */
export type SpoolView = {
  readonly fill: 'room' | 'near' | 'full';
  readonly status: {
    readonly state: 'direct' | 'spooling' | 'draining';
    /** Not known to be in the log. */
    readonly records: number;
    readonly bytes: number;
    /** Records that went from the spool to the log, since start. */
    readonly drained: number;
    /** Since the log last acknowledged anything. */
    readonly silentSeconds: number;
    readonly reason: string;
  };
};
