/** ClickHouse column types in use, and the TypeScript value each takes in a row. */
export type ColumnType =
  | 'String'
  | 'LowCardinality(String)'
  | 'Nullable(String)'
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'Int64'
  | 'Nullable(Int64)'
  | 'Nullable(UInt32)'
  | 'Bool'
  | 'Nullable(Bool)'
  /** Whole microseconds in rows, so that no zone and no float comes near a time. */
  | "DateTime64(6, 'UTC')"
  | "Nullable(DateTime64(6, 'UTC'))"
  | 'Nullable(Decimal(38, 9))';

export type Scalar = string | number | boolean | null;
export type Row = Readonly<Record<string, Scalar>>;

/** name → type, in order. The value for a `DateTime64(6)` is whole microseconds since 1970. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** A table as data: the store makes it from this, on chDB and on a server alike. */
export type TableDefinition = {
  readonly name: string;
  readonly columns: Columns;
  readonly orderBy: readonly string[];
  readonly engine:
    | { readonly kind: 'MergeTree' }
    /** Keeps the row of the highest version for each order key; read with FINAL. */
    | { readonly kind: 'ReplacingMergeTree'; readonly version: string; readonly deleted?: string };
  /** A column of our own clock (`logged_at`), never of somebody else's. Absent: one partition. */
  readonly monthOf?: string;
  /** SQL lines of indexes and projections, as `INDEX value_text value TYPE …`. */
  readonly extras?: readonly string[];
};
