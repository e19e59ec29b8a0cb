import { parse } from 'csv-parse/sync';

/** Where a CSV file has what we read of it. Names are compared without case, the order is free. */
export type Columns = {
  readonly delimiter: string;
  readonly count: number;
  readonly timestamp: number;
  readonly id: number;
  readonly msg: number;
};

/** What spreadsheets write in some countries or another. */
const DELIMITERS = [',', ';', '\t'] as const;

/** The columns that a header names, or undefined where it lacks one that a frame needs. */
export function columnsIn(header: string): Columns | undefined {
  for (const delimiter of DELIMITERS) {
    const names = fieldsOf([header], delimiter)?.[0]?.map((name) => name.trim().toLowerCase()) ?? [];
    const [timestamp = -1, id = -1, msg = -1] = ['timestamp', 'id', 'msg'].map((name) => names.indexOf(name));
    if (timestamp >= 0 && id >= 0 && msg >= 0) return { delimiter, count: names.length, timestamp, id, msg };
  }
  return undefined;
}

/**
 * The fields of each row. Rows and fields are latin1 text: a character is a byte.
 * @returns undefined where the rows' quotes are such that they do not come apart as they were given
 */
export function fieldsOf(rows: readonly string[], delimiter: string): readonly string[][] | undefined {
  const fields = parsed(`${rows.join('\n')}\n`, delimiter);
  return fields?.length === rows.length ? fields : undefined;
}

function parsed(text: string, delimiter: string): string[][] | undefined {
  try {
    return parse(Buffer.from(text, 'latin1'), {
      delimiter,
      encoding: 'latin1',
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      relax_quotes: true,
    });
  } catch {
    return undefined;
  }
}
