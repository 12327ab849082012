import { digestOf } from '../evidence';
import { codeSpan, markdown } from '../domain/escape';
import { openItem, type FoundAccess, type LeaverCase, type LeaverItem } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { SystemFault } from '../systems/fault';
import type { Found, LaterUse } from '../systems/leavers';
import { keepEvidence } from './keep';
import {
  identitiesOf,
  leaverConnections,
  ownedAccounts,
  systemsOf,
  withFederationIds,
} from './leaver-identities';
import { aboutOf } from './leaver-record';
import type { World } from './world';

/**
 * Looks back: what was used after time zero, and what came back that was gone. "When a leaver was still active, compare last login
 * with the leave date; if later, review what was done": a task for security each, once; an account that is active again opens
 * its system anew.
 */
export async function lookBackOn(
  world: World,
  one: LeaverCase,
  person: PersonRecord,
  now: string,
): Promise<void> {
  if (one.takenAt === null) return;
  let { identities } = await identitiesOf(world, [one]);
  const known = await world.store.leavers.items(one.leaving);
  const found: LeaverItem[] = [];
  const connections = [...leaverConnections(world)];
  // Salesforce first: it knows the user name by which others may have them.
  connections.sort(([a], [b]) => Number(b === 'salesforce') - Number(a === 'salesforce'));
  for (const [connection, access] of connections) {
    try {
      const { systems } = world.handbook();
      const owned = await ownedAccounts(systems, access, identities);
      const named = withFederationIds(identities, owned);
      if (named.length > 0) identities = named;
      const accounts = owned.get(one.employeeId) ?? [];
      found.push(...cameBack(world, known, accounts, one));
      const ids = accounts.map(({ accountId }) => accountId);
      if (!access.usedSince || ids.length === 0) continue;
      for (const use of await access.usedSince(ids, one.frozenAt ?? one.timeZero))
        found.push(...laterUse(connection, use, one));
    } catch (error) {
      // What can't be asked today is asked tomorrow, and before the leaving ends.
      if (!(error instanceof SystemFault)) throw error;
    }
  }
  const fresh = found.filter((item) => {
    const before = known.find(({ id }) => id === item.id);
    return !before || (item.kind === 'system' && before.status !== 'open');
  });
  if (fresh.length === 0) return;
  await world.store.leavers.putItems(one.leaving, fresh);
  await keepEvidence(
    world,
    fresh.map((item) => ({
      ...aboutOf(one, person),
      id: `${one.leaving}/looked/${item.id}/${digestOf(item.found).slice(0, 8)}`,
      at: now,
      kind: item.kind === 'system' ? 'leaver.came_back' : 'leaver.used_later',
      actor: 'daytwo',
      channel: 'daytwo' as const,
      detail: {
        what: item.kind === 'system' ? `found access to ${item.id} that was gone` : item.text,
        ...(item.system ? { system: item.system } : {}),
        after: item.found.map(({ accountId, state }) => `${accountId} ${state}`),
        proof: 'verified' as const,
      },
    })),
  );
}

/** What was gone and is active again: a user that somebody re-activated by hand, an account that was made again. */
function cameBack(
  world: World,
  known: readonly LeaverItem[],
  accounts: readonly Found[],
  one: LeaverCase,
): LeaverItem[] {
  const { systems } = world.handbook();
  const active = accounts.filter(({ state }) => state === 'active');
  return known.flatMap((item) => {
    if (item.kind !== 'system' || item.status === 'open') return [];
    const again: FoundAccess[] = active
      .filter((account) => systemsOf(systems, account).some(({ key }) => key === item.system))
      .map(({ federationId: _, ...account }) => ({ ...account, asked: false }));
    if (again.length === 0) return [];
    return [
      {
        ...item,
        status: 'open' as const,
        how: null,
        by: null,
        at: null,
        found: again,
        problem: 'it was gone, and is there again',
      },
      securityTask(
        `security/back/${item.id}/${digestOf(again.map(({ accountId }) => accountId)).slice(0, 8)}`,
        item.system,
        `Find out who gave access to \`${item.id}\` again after it was gone: ${again.map(({ accountId }) => codeSpan(accountId)).join(', ')}`,
        one,
      ),
    ];
  });
}

function laterUse(connection: string, use: LaterUse, one: LeaverCase): LeaverItem[] {
  const changes = Object.entries(use.changes).filter(([, count]) => count > 0);
  if (use.signIns.length === 0 && changes.length === 0) return [];
  const signIns = use.signIns.map(({ at, what }) => `${at} ${markdown(what)}`).join('; ');
  const counts = changes.map(([what, count]) => `${count} × ${markdown(what)}`).join(', ');
  const words = [...(signIns ? [`signed in ${signIns}`] : []), ...(counts ? [`changed ${counts}`] : [])].join(
    '; ',
  );
  return [
    securityTask(
      `security/used/${connection.replace(/\//g, '-')}/${digestOf([use.signIns, changes]).slice(0, 8)}`,
      null,
      `Look what was done with ${codeSpan(use.accountId)} in ${codeSpan(connection)} after time zero: ${words}`,
      one,
    ),
  ];
}

const securityTask = (id: string, system: string | null, text: string, one: LeaverCase): LeaverItem =>
  openItem({ id, kind: 'security', system, text, dueAt: one.timeZero });
