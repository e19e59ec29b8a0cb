import { describe, expect, it } from 'vitest';
import { OpenCalls } from './open-calls.ts';

const CALL = Buffer.from('[2,"a","Heartbeat",{}]');
const ANSWER = Buffer.from(' [ 3 , "a" , {}]');

/** What became of the wish to close between CALLs, after each step. */
function quietAfter(...steps: readonly ((calls: OpenCalls) => void)[]): readonly number[] {
  const calls = new OpenCalls();
  let told = 0;
  calls.taken('station', CALL);
  calls.whenQuiet(() => (told += 1));
  return steps.map((step) => {
    step(calls);
    return told;
  });
}
const answered = (calls: OpenCalls) => {
  calls.over('upstream', ANSWER);
};

describe('a wish to close between CALLs', () => {
  it('is granted at once where none is open, and once', () => {
    const calls = new OpenCalls();
    let told = 0;
    calls.whenQuiet(() => (told += 1));
    answered(calls);
    expect(told).toBe(1);
  });

  it('waits for the answer, of that id, from the other side', () => {
    const steps = [
      (calls: OpenCalls) => {
        calls.over('station', CALL);
      },
      (calls: OpenCalls) => {
        calls.over('upstream', Buffer.from('[3,"b",{}]'));
      },
      (calls: OpenCalls) => {
        calls.over('station', ANSWER);
      },
      answered,
    ];
    expect(quietAfter(...steps)).toEqual([0, 0, 0, 1]);
  });

  it('waits for what either side asked meanwhile, and takes a CALLERROR for an answer', () => {
    const asked = (calls: OpenCalls) => {
      calls.taken('upstream', Buffer.from('[2,"c","Reset",{"type":"Soft"}]'));
    };
    const refused = (calls: OpenCalls) => {
      calls.over('station', Buffer.from('[4,"c","NotSupported","",{}]'));
    };
    expect(quietAfter(asked, answered, refused)).toEqual([0, 0, 1]);
  });

  it('knows an id with a quote in it, and one that another begins with', () => {
    const asked = (calls: OpenCalls) => {
      calls.taken('upstream', Buffer.from('\n[2,"c\\"d","Reset",{}]'));
    };
    const answeredAs = (id: string) => (calls: OpenCalls) => {
      calls.over('station', Buffer.from(`[3,"${id}",{}]`));
    };
    expect(quietAfter(asked, answered, answeredAs('c\\'), answeredAs('c\\"d'))).toEqual([0, 0, 0, 1]);
  });

  it('takes nothing for a CALL that is none, and forgets the oldest of too many', () => {
    const odd = (calls: OpenCalls) => {
      for (const text of ['', '[', '[]', '[2]', '[2,7]', '{"2":1}', '[22', `[2,"${'x'.repeat(300)}"`])
        calls.taken('station', Buffer.from(text));
    };
    expect(quietAfter(odd, answered)).toEqual([0, 1]);
    const many = (calls: OpenCalls) => {
      for (let at = 0; at < 8; at += 1) calls.taken('station', Buffer.from(`[2,"${at}","Heartbeat",{}]`));
    };
    const answeredAll = (calls: OpenCalls) => {
      for (let at = 0; at < 8; at += 1) calls.over('upstream', Buffer.from(`[3,"${at}",{}]`));
    };
    expect(quietAfter(many, answeredAll)).toEqual([0, 1]);
  });
});
