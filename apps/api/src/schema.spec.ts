import { type GraphQLField, isObjectType, isInputObjectType, isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { QUESTIONS } from './questions/index.ts';
import { apiSchema } from './testing/api-schema.ts';

const schema = apiSchema();
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const questions: readonly GraphQLField<unknown, unknown>[] = Object.values(
  schema.getQueryType()?.getFields() ?? {},
);

/** What these mean is said by the name, or once where the type is. */
const SELF_EVIDENT = new Set(
  `tenant station connector run action messageId direction connection errorCode kind severity
  edges nodes node cursor pageInfo hasNextPage endCursor totalCount readAt first after asOf from to
  frame frames evidence entries transactions records total byStation partition offset generation partitions
  openedAt closedAt calledAt answeredAt startedAt stoppedAt bootedAt firstSeen firstFound lastFound at since call answer state
  vendor model serialNumber chargeBoxSerialNumber firmwareVersion iccid imsi meterType meterSerialNumber registration
  info vendorId vendorErrorCode value readonly idTagStatus transactionId intervals meterValues recordId reason detail
  measurand context format phase location unit stopStationTime stoppedBy energyWh energy method confidence code
  id action name status subprotocol previous remoteAddress framesFromStation framesToStation findings occurrences`.split(
    /\s+/,
  ),
);

describe('the schema', () => {
  it('says of every field what it is, where its name does not', () => {
    const untold = types.flatMap((type) => {
      if (!isObjectType(type) && !isInputObjectType(type)) return [];
      const fields: readonly { name: string; description?: string | null }[] = Object.values(
        type.getFields(),
      );
      return fields
        .filter((field) => !field.description && !SELF_EVIDENT.has(field.name))
        .map((field) => `${type.name}.${field.name}`);
    });
    expect(untold).toEqual([]);
  });

  it('says of every scalar of ours how it is written', () => {
    const ours = types.filter(
      (type) => isScalarType(type) && !/^(String|Int|Float|Boolean|ID)$/.test(type.name),
    );
    expect(ours.map(({ name }) => name).toSorted()).toEqual([
      'Base64',
      'DateTime',
      'Decimal',
      'JSON',
      'Long',
    ]);
    expect(ours.filter(({ description }) => !description)).toEqual([]);
  });

  it('takes asOf at the root of every question of the record, and names what it was read at', () => {
    const without = questions.filter(({ args }) => !args.some(({ name }) => name === 'asOf'));
    expect(without.map(({ name }) => name).toSorted()).toEqual(['platform', 'stationCredentials']);
    const unread = questions.filter(({ type }) => !readAt(type));
    expect(unread.map(({ name }) => name)).toEqual(['stationCredentials']);
  });

  it('has someone to answer each question, which says what it is', () => {
    expect(questions.every(({ description }) => description)).toBe(true);
    const answered = QUESTIONS.flatMap((one) => Object.getOwnPropertyNames(one.prototype as object));
    const asked = [...questions, ...Object.values(schema.getSubscriptionType()?.getFields() ?? {})];
    expect(asked.filter(({ name }) => !answered.includes(name)).map(({ name }) => name)).toEqual([]);
  });
});

function readAt(type: GraphQLField<unknown, unknown>['type']): boolean {
  const answer = schema.getType(String(type).replace('!', ''));
  return isObjectType(answer) && 'readAt' in answer.getFields();
}
