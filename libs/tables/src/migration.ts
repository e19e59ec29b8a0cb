import type { TableDefinition } from './definition.ts';

/**
 * A numbered change of the engine's own tables. Forward only: what was applied somewhere is never edited,
 * its checksum is kept; a mistake is mended by the next one.
 */
export type Migration = {
  /** From 1, without gaps. */
  readonly id: number;
  readonly name: string;
  /** Idempotent DDL that is done when it returns. Changes of stored data are not migrations: they are rebuilds. */
  readonly kind: 'sync';
  /**
   * Tables to create, as they were in this migration, or DDL as `ALTER TABLE x ADD COLUMN IF NOT EXISTS …`.
   * A crash between two steps runs all again, so every step must stand being run twice.
   */
  readonly steps: readonly (TableDefinition | string)[];
};
