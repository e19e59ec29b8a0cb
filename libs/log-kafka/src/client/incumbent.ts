import kafkajs, { type PartitionAssigner } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
const VERSION = 0;

/**
 * Gives the one partition of a topic to the member that says it holds it, else to the first by name: who joins
 * later takes nothing from anybody.
 */
export function toIncumbent(holds: () => boolean): PartitionAssigner {
  return () => ({
    name: 'incumbent',
    version: VERSION,
    assign: ({ members, topics }) => {
      const sorted = members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
      const says = (metadata: Buffer) => MemberMetadata.decode(metadata)?.userData.toString() === HOLDS;
      const holder = sorted.find(({ memberMetadata }) => says(memberMetadata)) ?? sorted[0];
      const assignment = Object.fromEntries(topics.map((topic) => [topic, [0]]));
      return Promise.resolve(
        sorted.map(({ memberId }) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({
            version: VERSION,
            assignment: memberId === holder?.memberId ? assignment : {},
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
    protocol: ({ topics }) => ({
      name: 'incumbent',
      metadata: MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(holds() ? HOLDS : ''),
      }),
    }),
  });
}

const HOLDS = 'holds';
