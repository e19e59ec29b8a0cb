import type { Cluster } from '../client/inside.ts';

type Produced = Parameters<Awaited<ReturnType<Cluster['findBroker']>>['produce']>[0];
/** What a broker does with a request: takes it, and says so or not. */
type Mood = 'there' | 'silent' | 'gone';

/**
 * Brokers of one topic as a producer knows them: a partition has a leader, and takes what follows what it has, or
 * what it has already. Of the rest of a cluster there is nothing.
 */
export class SmallCluster {
  /** partition → the texts of what it holds. */
  readonly held = new Map<number, string[]>();
  readonly leaders: Map<number, string>;
  readonly moods = new Map<string, Mood>();
  /** How long each takes for an answer, in turns of the event loop. */
  readonly turns = new Map<string, number>();
  readonly requests: { readonly nodeId: string; readonly partitions: readonly number[] }[] = [];
  /** Called before each attempt but the first. */
  between: () => void = () => undefined;

  constructor(leaders: Readonly<Record<number, string>>) {
    this.leaders = new Map(Object.entries(leaders).map(([partition, nodeId]) => [Number(partition), nodeId]));
  }

  asCluster(): Cluster {
    return {
      refreshMetadataIfNecessary: () => Promise.resolve(),
      refreshMetadata: () => {
        this.between();
        return Promise.resolve();
      },
      removeBroker: () => undefined,
      findLeaderForPartitions: (_: string, partitions: readonly number[]) =>
        Object.fromEntries(
          Map.groupBy(partitions, (partition) => this.leaders.get(partition) ?? 'nobody').entries(),
        ),
      findControllerBroker: () =>
        Promise.resolve({ initProducerId: () => Promise.resolve({ producerId: '7', producerEpoch: 0 }) }),
      findBroker: ({ nodeId }: { nodeId: string }) =>
        Promise.resolve({ produce: (request: Produced) => this.#produce(nodeId, request) }),
    } as unknown as Cluster;
  }

  async #produce(nodeId: string, { topicData }: Produced) {
    const parts = topicData.flatMap(({ partitions }) => partitions);
    this.requests.push({ nodeId, partitions: parts.map(({ partition }) => partition) });
    for (let turn = this.turns.get(nodeId) ?? 0; turn > 0; turn -= 1) await new Promise(setImmediate);
    const mood = this.moods.get(nodeId) ?? 'there';
    if (mood === 'gone') throw passing('nobody is there');
    const partitions = parts.map((part) => this.#take(part));
    if (mood === 'silent') throw passing('its connection is closed');
    return { topics: [{ partitions }] };
  }

  #take({ partition, firstSequence, messages }: Produced['topicData'][number]['partitions'][number]) {
    const held = this.held.get(partition) ?? [];
    const texts = messages.map(({ value }) => String(value));
    const isThere = held.slice(firstSequence, firstSequence + texts.length).join() === texts.join();
    if (!isThere && firstSequence !== held.length)
      throw Object.assign(new Error('out of order'), {
        retriable: false,
        type: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
      });
    if (!isThere) this.held.set(partition, [...held, ...texts]);
    return { partition, baseOffset: String(firstSequence) };
  }
}

const passing = (message: string) => Object.assign(new Error(message), { retriable: true });
