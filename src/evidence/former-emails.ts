import type { Kysely } from 'kysely';
import type { PeopleTable, Tables } from './tables';

/**
 * Keeps the addresses that these people lose by what is about to be written of them: accounts that were made under the old one are
 * still theirs. What is older than the store's own changes nothing, here as there.
 */
export async function rememberFormer(
  db: Kysely<Tables>,
  people: readonly Pick<PeopleTable, 'employee_id' | 'email_key' | 'updated_at'>[],
): Promise<void> {
  const coming = new Map(people.map((row) => [row.employee_id, row]));
  const known = await db
    .selectFrom('people')
    .select(['employee_id', 'email_key', 'updated_at'])
    .where('employee_id', 'in', [...coming.keys()])
    .execute();
  const former = known.flatMap(({ employee_id, email_key, updated_at }) => {
    const next = coming.get(employee_id);
    const changes = next && next.email_key !== email_key && updated_at <= next.updated_at;
    return changes ? [{ employee_id, email_key }] : [];
  });
  if (former.length === 0) return;
  await db
    .insertInto('former_email')
    .values(former)
    .onConflict((conflict) => conflict.columns(['employee_id', 'email_key']).doNothing())
    .execute();
}
