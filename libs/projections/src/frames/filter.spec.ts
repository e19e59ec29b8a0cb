import { describe, expect, it } from 'vitest';
import { toCondition } from './filter.ts';

describe('a frame filter', () => {
  it('always asks for frames of one tenant', () => {
    expect(toCondition({ tenant: 'default' })).toEqual({
      sql: "type = 'ocpp.frame.v1'\n  AND tenant = {tenant:String}",
      parameters: { tenant: 'default' },
    });
  });

  it('binds what it is given and never writes it into the SQL', () => {
    const hostile = "'; drop table records --";
    const { sql, parameters } = toCondition({
      tenant: hostile,
      station: [hostile],
      text: hostile,
      messageId: hostile,
    });
    expect(sql).not.toContain('drop');
    expect(parameters).toEqual({ tenant: hostile, station: [hostile], text: hostile, messageId: hostile });
  });

  it('leaves out a member that is undefined', () => {
    expect(toCondition({ tenant: 't', to: 5 }).sql).toContain('time < ');
    expect(toCondition({ tenant: 't', to: undefined }).sql).not.toContain('time < ');
  });
});
