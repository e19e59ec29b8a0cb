import type { Log } from '@chargeproof/log';

/** A log whose appends a test stands in front of. */
export function withAppend(log: Log, append: Log['append']): Log {
  return {
    generation: log.generation,
    append,
    read: log.read.bind(log),
    subscribe: log.subscribe.bind(log),
    commit: log.commit.bind(log),
    committed: log.committed.bind(log),
    end: log.end.bind(log),
    recordsFrom: log.recordsFrom.bind(log),
    close: log.close.bind(log),
  };
}

/** A log where a test stands in front of whoever reads what was decided. */
export function withDecisionReads(log: Log, read: Log['read']): Log {
  const wrapped = withAppend(log, log.append.bind(log));
  return {
    ...wrapped,
    read: (request) => (request.topic === 'platform.decisions' ? read(request) : log.read(request)),
  };
}
