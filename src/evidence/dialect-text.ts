import { sql } from 'kysely';
import type { Dialect } from './migrations';

/** Text compares by its bytes in both: PostgreSQL would otherwise sort as the database's locale says. */
export const textOf = (dialect: Dialect) => (dialect === 'postgres' ? sql`text collate "C"` : sql`text`);
