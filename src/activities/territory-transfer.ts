import { addDays } from '../domain/dates';
import { approvedOwner } from '../domain/territory/approved-owner';
import type { Actual } from '../domain/territory/account';
import { rulesOfRun } from '../domain/territory/handbook';
import type { LeftAccount, TerritoryRun } from '../domain/territory/run';
import type { RunStanding } from '../domain/territory/run-status';
import type { AccountChange } from '../domain/territory/staging-change';
import {
  OPPORTUNITY_REFUSED,
  opportunitiesAfter,
  reversed,
  transferLine,
  transferOf,
  transfersWritten,
  type AccountTransfer,
  type KeptTransfer,
} from '../domain/territory/transfer';
import { changesOf } from '../evidence/territory-changes';
import { SystemFault } from '../systems/fault';
import {
  type OpportunityTransfer,
  type Transfer,
  type TransferOutcome,
  type WrongOpportunity,
} from '../systems/salesforce/territory-transfers';
import type { Show } from './faults';
import { keepEvidence } from './keep';
import { snapshotsOf } from './territory-begin';
import { keepRun, keptRun, rowOfRun, standingOf } from './territory-record';
import type { RunRef } from './territory-run';
import { accountsOfOrg, territoryHandbook } from './territory-world';
import { MOST_OF_REASONS } from './territory-write';
import type { World } from './world';

/** Accounts that are transferred together: one collection call writes them. */
const TOGETHER = 200;

/**
 * Transfers the accounts whose day has come. What each is to come to is said to the store before anything is written, so that a
 * repeated try goes on with the same; an account that somebody gave to another meanwhile stays there.
 */
export async function transferDue(
  world: World,
  { run: id, now }: RunRef & { readonly now: string },
  show: Show,
): Promise<RunStanding> {
  const kept = await keptRun(world, id);
  const { run } = kept;
  const runs = world.store.territoryRuns;
  const { undoes } = run;
  const notTried: LeftAccount[] = [];
  if (undoes === null) notTried.push(...(await sayDue(world, run)));
  else
    await runs.beginTransfers(
      id,
      (await runs.transfers(undoes)).flatMap(({ state, transfer }) =>
        state === 'done' ? [reversed(transfer, now.slice(0, 10))] : [],
      ),
    );
  const open = (await runs.transfers(id)).filter(({ state }) => state === 'begun');
  for (let from = 0; from < open.length; from += TOGETHER) {
    show({ transferred: from, of: open.length });
    await makeTransfers(world, run, open.slice(from, from + TOGETHER), now);
  }
  const all = await runs.transfers(id);
  const written = transfersWritten(all);
  const left = [
    ...notTried,
    ...all.flatMap(({ state, why, transfer: { accountId } }) =>
      state === 'left' || state === 'refused' || why !== null ? [{ accountId, why: why ?? state }] : [],
    ),
  ];
  const transfers = { ...written, left: written.left + notTried.length };
  const after = await keepRun(world, {
    ...kept,
    run: { ...run, transfers, left: onceEach([...run.left, ...left]) },
  });
  return standingOf(after.run);
}

/** Done again, it names nobody twice. */
const onceEach = (left: readonly LeftAccount[]): readonly LeftAccount[] => [
  ...new Map(left.map((one) => [one.accountId, one])).values(),
];

/** Looks once more at the accounts whose day has come, and says what each comes to. @returns those that changed since the plan */
async function sayDue(world: World, run: TerritoryRun): Promise<readonly LeftAccount[]> {
  const { rules: versions, fields } = territoryHandbook(world);
  const heldOver = fields.opportunity.holdoverUntil;
  const on = run.id.slice(0, 10);
  const rules = rulesOfRun(versions, run);
  if (!rules) throw new Error('there are no territory rules');
  const known = await world.store.territoryRuns.transfers(run.id);
  // An earlier try said these: they may be transferred already.
  const said = new Set(known.map(({ transfer }) => transfer.accountId));
  const left: LeftAccount[] = [];
  for await (const page of changesOf(snapshotsOf(world), run, '', 2_000)) {
    const due = page.filter(({ accountId, transfer }) => transfer !== null && !said.has(accountId));
    if (due.length === 0) continue;
    const { transfers, leftOf } = await decided(world, due, on);
    left.push(...leftOf);
    const before = await transfersOf(world).opportunitiesOf(
      transfers.map(({ accountId }) => accountId),
      heldOver,
    );
    const heldUntil = addDays(on, rules.opportunities.holdoverDays);
    await world.store.territoryRuns.beginTransfers(
      run.id,
      transfers.map((one) => ({
        ...one,
        opportunities: opportunitiesAfter(
          before.filter(({ accountId }) => accountId === one.accountId),
          one,
          rules.opportunities,
          heldUntil,
        ),
      })),
    );
  }
  return left;
}

/** What each of these comes to, as the org and the reviews have it now. */
async function decided(
  world: World,
  due: readonly AccountChange[],
  on: string,
): Promise<{
  readonly transfers: readonly Omit<AccountTransfer, 'opportunities'>[];
  readonly leftOf: readonly LeftAccount[];
}> {
  const org = accountsOfOrg(world);
  const { requestedOwnerId, reassignmentStatus } = territoryHandbook(world).fields.review;
  const ids = due.map(({ accountId }) => accountId);
  const rows = await org.accounts.some([...org.fields, requestedOwnerId, reassignmentStatus], ids);
  const reviews = await world.store.reviews.ofAll(ids);
  const done = await world.store.territoryRuns.doneOf(ids);
  const now = new Map(
    rows.map((row) => {
      const [requested = null, reassignment = null] = row.slice(org.fields.length);
      const account = org.read(row);
      const isIts = ({ accountId }: { readonly accountId: string }) => accountId === account.id;
      const approved = approvedOwner(reviews.filter(isIts), done.filter(isIts));
      return [row[0] ?? '', { account, answered: { approved, requestedOwnerId: requested, reassignment } }];
    }),
  );
  const transfers: Omit<AccountTransfer, 'opportunities'>[] = [];
  const leftOf: LeftAccount[] = [];
  for (const change of due) {
    const found = now.get(change.accountId);
    const one = found ? transferOf(change, found.account, found.answered, on) : { left: 'gone' };
    if (one === null) continue;
    if ('left' in one) leftOf.push({ accountId: change.accountId, why: one.left });
    else transfers.push(one);
  }
  return { transfers, leftOf };
}

function transfersOf(world: Pick<World, 'connector'>) {
  const { territoryTransfers } = world.connector('salesforce');
  if (!territoryTransfers) throw new Error('the Salesforce connector transfers no accounts');
  return territoryTransfers;
}

async function makeTransfers(
  world: World,
  run: TerritoryRun,
  open: readonly KeptTransfer[],
  now: string,
): Promise<void> {
  const outcomes = await transfersOf(world).transfer(
    open.map(({ transfer }) => written(world, run, transfer)),
  );
  let again: TransferOutcome | undefined;
  for (const { transfer } of open) {
    const outcome = outcomes.get(transfer.accountId) ?? { kind: 'gone' };
    const state = stateOf(outcome, run);
    if (state === null) again = outcome;
    else {
      if (state.state === 'done') await keepEvidence(world, [evidenceOf(run, transfer, outcome, now)]);
      await world.store.territoryRuns.transferIs(run.id, { transfer, ...state });
    }
  }
  if (again) throw new SystemFault('salesforce', codeOf(again), true, 'a transfer is not shown yet');
}

/**
 * Owner, territory, segment and employees in one write, with the days that it clears and what is logged. The way back writes only what
 * still is as the run wrote it.
 */
function written(world: World, run: TerritoryRun, transfer: AccountTransfer): Transfer {
  const { fields } = territoryHandbook(world);
  const { accountId: id, from, to, why, effectiveDate, holdoverUntil } = transfer;
  const on = run.id.slice(0, 10);
  const isBack = run.undoes !== null;
  const line = transferLine(transfer, on, run.id);
  const { effectiveDate: effective, holdoverUntil: holdover } = fields.account;
  const heldOver = fields.opportunity.holdoverUntil;
  const placed = ({ segment, territory, maxFamilyEmployees }: Actual) => ({
    [fields.actual.segment]: segment,
    [fields.actual.territory]: territory,
    [fields.actual.maxFamilyEmployees]: maxFamilyEmployees,
  });
  return {
    id,
    from: from.ownerId,
    to: to.ownerId,
    ...(isBack ? { onlyFrom: { ...placed(from), [effective]: null, [holdover]: null } } : {}),
    values: {
      ...placed(to),
      [effective]: isBack ? effectiveDate : null,
      [holdover]: isBack ? holdoverUntil : null,
      [fields.staging.transferDate]: on,
      [fields.staging.reasons]: `${line}\n${why}`.slice(0, MOST_OF_REASONS),
    },
    mark: { field: fields.staging.reasons, line },
    opportunities: transfer.opportunities.map(({ id: one, heldUntil, heldBefore, ...owners }) => ({
      id: one,
      from: owners.from,
      to: owners.to,
      ...(isBack ? heldAgain(heldOver, heldUntil, heldBefore ?? null) : heldUntilThen(heldOver, heldUntil)),
    })),
  };
}

const heldUntilThen = (field: string, until: string | null): Pick<OpportunityTransfer, 'values'> => ({
  values: until === null ? {} : { [field]: until },
});

/** What a run wrote is written back; where it wrote nothing, nothing is. */
const heldAgain = (
  field: string,
  before: string | null,
  written: string | null,
): Pick<OpportunityTransfer, 'values' | 'onlyFrom'> =>
  written === null ? { values: {} } : { values: { [field]: before }, onlyFrom: { [field]: written } };

const codeOf = (outcome: TransferOutcome): string =>
  ('code' in outcome ? outcome.code : wrongIn(outcome).find(({ code }) => code !== null)?.code) ??
  'NOT_SHOWN';

const wrongIn = (outcome: TransferOutcome): readonly WrongOpportunity[] =>
  'wrong' in outcome ? outcome.wrong : [];

/**
 * Null: to be tried again, since the org shows it otherwise than it was written, or may take it next time. An opportunity that is
 * refused for good doesn't keep its account from being done: it is named.
 */
function stateOf(
  outcome: TransferOutcome,
  { undoes }: Pick<TerritoryRun, 'undoes'>,
): Omit<KeptTransfer, 'transfer'> | null {
  switch (outcome.kind) {
    case 'transferred':
    case 'already':
      if (outcome.wrong.some(({ again }) => again)) return null;
      return {
        state: 'done',
        why: outcome.wrong.length > 0 ? `${OPPORTUNITY_REFUSED}${codeOf(outcome)}` : null,
      };
    case 'changed':
      return { state: 'left', why: undoes === null ? 'changed-meanwhile' : 'changed-since' };
    case 'gone':
      return { state: 'left', why: 'gone' };
    case 'refused':
      return outcome.again ? null : { state: 'refused', why: outcome.code };
  }
}

function evidenceOf(run: TerritoryRun, transfer: AccountTransfer, outcome: TransferOutcome, now: string) {
  const refused = wrongIn(outcome).map(({ id, code }) => ({ id, code }));
  const isRefused = (id: string): boolean => refused.some((one) => one.id === id);
  return rowOfRun(run, `transfer/${transfer.accountId}`, now, 'territory.transferred', {
    what: run.undoes === null ? 'transferred an account' : 'put back the transfer of an account',
    system: 'salesforce',
    account: transfer.accountId,
    before: { ...transfer.from },
    after: { ...transfer.to },
    opportunities: transfer.opportunities
      .filter(({ id, from, to, heldUntil }) => (from !== to || heldUntil !== null) && !isRefused(id))
      .map(({ id, from, to, heldUntil }) => ({ id, from, to, heldUntil })),
    ...(refused.length > 0 ? { opportunitiesRefused: refused } : {}),
    proof: 'verified',
  });
}
