import { formatFrontier, type SubjectRow, subjectsAt } from '@chargeproof/projections';
import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { evidenceOfIds } from '../answers/evidence.ts';
import type { AskedContext } from '../asking/asked.ts';
import { badInput } from '../asking/errors.ts';
import { Tags } from '../subjects/tags.ts';

type SubjectsArguments = {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly standIn?: readonly string[] | null;
  readonly idTag?: readonly string[] | null;
  readonly asOf?: string | null;
};

const CLASSES: Readonly<Partial<Record<SubjectRow['class'], string>>> = {
  idTag: 'ID_TAG',
  personal: 'PERSONAL',
};
const MOST = 100;

@Resolver()
export class SubjectsResolver {
  readonly #tags: Tags;

  constructor(@Inject(Tags) tags: Tags) {
    this.#tags = tags;
  }

  @Query('subjects')
  async subjects(
    @Args() { tenant, station, standIn, idTag, asOf }: SubjectsArguments,
    @Context() { asked, request }: AskedContext,
  ) {
    const standIns = [...(standIn ?? []), ...((await this.#tags.standInsOf(idTag, 'idTag')) ?? [])];
    if (standIns.length === 0 || standIns.length > MOST)
      throw badInput('standIn', `and idTag are 1 to ${MOST} together, not ${standIns.length}`);
    const frontier = await asked.at(asOf);
    const at = { tenant, station: station ?? undefined, frontier };
    const rows = await subjectsAt(asked.store, standIns, at);
    const shown = this.#tags.shownTo(request, { store: asked.store, standIns, ...at });
    const bySubject = Map.groupBy(rows, (row) => `${row.stand_in} ${row.station}`);
    return {
      entries: [...bySubject.values()].flatMap(([row, ...older]) => {
        if (row === undefined) return [];
        const sealedClass = CLASSES[row.class];
        if (sealedClass === undefined) return [];
        const records = [row, ...older].map(({ record }) => record);
        return {
          tenant: row.tenant,
          station: row.station,
          standIn: row.stand_in,
          class: sealedClass,
          clear: () => shown(row.station, row.stand_in),
          evidence: evidenceOfIds(asked, row, frontier, records),
        };
      }),
      readAt: formatFrontier(frontier),
    };
  }
}
