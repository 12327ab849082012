import { z } from 'zod';
import type { LeaverCase } from '../domain/leaving';
import type { Found } from '../systems/leavers';
import type { PersonRecord } from '../evidence/store';
import { keepEvidence } from './keep';
import { aboutOf } from './leaver-record';
import type { World } from './world';

/** As this file wrote them down; what another version wrote otherwise counts as not known. */
const FOUND = z.array(
  z.object({
    connection: z.string(),
    accountId: z.string(),
    state: z.enum(['active', 'frozen', 'inactive']),
    by: z.enum(['email', 'username', 'employee_number', 'federation_id', 'external_id']),
    shows: z.array(z.string()),
    lastSignInAt: z.string().nullable(),
  }),
);

/**
 * The accounts of one connection as they stood before daytwo stopped any sign-in for these leavings: written down before it does, in
 * one write. So what is found frozen after a lost answer, or after a worker's death, is known as its doing, and is given back as it was.
 *
 * @param accounts as they are now, by employee id
 */
export async function asTheyStood(
  world: Pick<World, 'store'>,
  connection: string,
  leavers: readonly { readonly one: LeaverCase; readonly person: PersonRecord }[],
  accounts: ReadonlyMap<string, readonly Found[]>,
): Promise<ReadonlyMap<string, readonly Found[]>> {
  const idOf = ({ leaving }: LeaverCase): string => `${leaving}/freeze_begun/${connection}`;
  const begun = await world.store.recorded(leavers.map(({ one }) => idOf(one)));
  const stood = new Map(accounts);
  for (const { one } of leavers.filter((leaver) => begun.has(idOf(leaver.one)))) {
    const row = (await world.store.story({ employeeId: one.employeeId })).find(({ id }) => id === idOf(one));
    const before = FOUND.catch([]).parse(row?.detail.before ?? []);
    const now = accounts.get(one.employeeId) ?? [];
    const known = new Map(before.map((account) => [account.accountId, account]));
    const gone = before.filter(({ accountId }) => !now.some((account) => account.accountId === accountId));
    stood.set(one.employeeId, [
      ...now.map((account) => ({ ...account, ...known.get(account.accountId) })),
      ...gone,
    ]);
  }
  const at = new Date().toISOString();
  const fresh = leavers.filter(
    ({ one }) => !begun.has(idOf(one)) && (accounts.get(one.employeeId) ?? []).length > 0,
  );
  if (fresh.length > 0)
    await keepEvidence(
      world,
      fresh.map(({ one, person }) => ({
        ...aboutOf(one, person),
        id: idOf(one),
        at,
        request: null,
        kind: 'leaver.freeze_begun',
        actor: 'daytwo',
        channel: 'daytwo',
        detail: {
          what: `began to stop their sign-in in ${connection}`,
          before: (accounts.get(one.employeeId) ?? []).map(({ federationId: _, ...account }) => account),
          policy: one.policyVersion,
        },
      })),
    );
  return stood;
}
