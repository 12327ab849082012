import type { Book, BookMove, OwnedAccount, OwnedOpportunity } from './book';
import { addDays } from './dates';
import { codeSpan } from './escape';
import type { LeavingPolicy, Territory } from './handbook';

/** Who may take over, as Salesforce user ids by address in lower case: only those who are active there and stay. */
export type Heirs = ReadonlyMap<string, string>;

export interface HandoverRules {
  readonly records: LeavingPolicy['records'];
  readonly territories: readonly Territory[];
  readonly heirs: Heirs;
  /** The leaver's own address. */
  readonly leaver: string;
  /** Addresses, the nearest first: the successor whom somebody named, the manager, and who stands above. */
  readonly managers: readonly string[];
  /** Active assignment rules, whose entries no API shows. */
  readonly assignmentRules: readonly string[];
  /** The day of time zero, `YYYY-MM-DD`. */
  readonly day: string;
}

/** What has no API, as a line of Markdown for a person. */
export interface HandoverStep {
  /** The same for the same step: `step/salesforce/jobs`. */
  readonly id: string;
  readonly text: string;
}

export interface HandoverPlan {
  readonly moves: readonly BookMove[];
  /** Opportunities that keep their owner, though Salesforce moves them along with their account. */
  readonly stays: readonly string[];
  readonly steps: readonly HandoverStep[];
  /** Nobody at all can take over: not even the parking owner is an active user. */
  readonly nobody: boolean;
}

/**
 * What becomes of all that a leaver owns: each record has one fate, and every heir is an active user.
 *
 * "Only active AEs may own accounts and opportunities; a manager may cover temporarily; Sales Admin is the parking owner; the
 * account's next owner is the territory's owner."
 */
export function planHandover(book: Book, rules: HandoverRules): HandoverPlan {
  const cover = coverOf(rules);
  if (cover === undefined) return { moves: [], stays: [], steps: [noHeir(rules)], nobody: true };
  const owners = new Map(book.accounts.map((account) => [account.id, accountHeir(account, rules) ?? cover]));
  const fates = book.opportunities.map((one) => [one, fateOf(one, owners, rules)] as const);
  const own = (object: string, id: string, to: string): BookMove => ({ object, id, field: 'OwnerId', to });
  const until = { Holdover_Expiration_Date__c: addDays(rules.day, rules.records.holdoverDays) };
  const opportunities = fates.flatMap(([{ id }, fate]): BookMove[] => {
    if (fate.kind === 'stays') return [];
    return fate.kind === 'holdover'
      ? [{ ...own('Opportunity', id, cover), set: until }]
      : [own('Opportunity', id, fate.to ?? cover)];
  });
  return {
    moves: [
      ...book.accounts.map(({ id }) => own('Account', id, owners.get(id) ?? cover)),
      ...opportunities,
      ...book.leads.map((id) => own('Lead', id, cover)),
      ...book.cases.map((id) => own('Case', id, cover)),
      ...book.memberships.map(({ id, group }) => ({ ...removal('GroupMember', id), name: group })),
      ...book.approvals.map((id) => ({ object: 'ProcessInstanceWorkitem', id, field: 'ActorId', to: cover })),
      // Nobody stands above themself.
      ...book.hierarchy.map(({ object, id, field }) => ({
        object,
        id,
        field,
        to: id === cover ? null : cover,
      })),
      ...(rules.records.teams === 'remove' ? book.teams.map(({ object, id }) => removal(object, id)) : []),
    ],
    stays: fates.flatMap(([{ id }, { kind }]) => (kind === 'stays' ? [id] : [])),
    steps: stepsOf(book, rules),
    nobody: false,
  };
}

/** Those that the covering manager holds: they go before their account does, which would take them along. */
export const isHeldOver = ({ object, set }: BookMove): boolean =>
  object === 'Opportunity' && set !== undefined;

const removal = (object: string, id: string): BookMove => ({ object, id, field: null, to: null });

/** Who takes what no territory decides: the successor, else the covering manager, else the parking owner. */
function coverOf(rules: HandoverRules): string | undefined {
  return firstActive([...rules.managers, rules.records.parkingOwner], rules);
}

function firstActive(
  addresses: readonly (string | null)[],
  { heirs, leaver }: Pick<HandoverRules, 'heirs' | 'leaver'>,
): string | undefined {
  for (const address of addresses) {
    const email = address?.toLowerCase();
    // Nobody is their own heir; who left, leaves or is frozen isn't among the heirs.
    if (email === undefined || email === leaver.toLowerCase()) continue;
    const id = heirs.get(email);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** "To the owner of their territory, else the covering manager." Undefined: the territory says nothing of use. */
function accountHeir({ territory }: OwnedAccount, rules: HandoverRules): string | undefined {
  const found = territoryOf(territory, rules);
  return found && firstActive([found.owner, found.cover], rules);
}

const territoryOf = (name: string | null, { territories }: HandoverRules): Territory | undefined =>
  name === null ? undefined : territories.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());

type Fate =
  | { readonly kind: 'stays' }
  /** Undefined: their account is somebody else's, so the covering manager has it. */
  | { readonly kind: 'moves'; readonly to: string | undefined }
  | { readonly kind: 'holdover' };

/**
 * "Moving an account must not move owners of closed opportunities", nor of a locked period. Of the open ones "stages 0 to 2 move,
 * 3 to 6 follow holdover": the covering manager holds them.
 */
function fateOf(
  { accountId, stage, closed, closeDate }: OwnedOpportunity,
  owners: ReadonlyMap<string, string>,
  { records }: HandoverRules,
): Fate {
  if (closed || (records.lockedThrough !== null && closeDate <= records.lockedThrough))
    return { kind: 'stays' };
  if (stageOf(stage) > records.moveUpToStage) return { kind: 'holdover' };
  return { kind: 'moves', to: accountId === null ? undefined : owners.get(accountId) };
}

/** `3-Technical Evaluation` is stage 3; what carries no number isn't early. */
const stageOf = (stage: string): number => {
  const number = /^(\d+)/.exec(stage)?.[1];
  return number === undefined ? Infinity : Number(number);
};

/** Names that are shown of a list, the rest is counted. */
const SHOWN = 10;

function stepsOf(book: Book, rules: HandoverRules): readonly HandoverStep[] {
  const steps: HandoverStep[] = [];
  const list = (names: readonly string[]): string =>
    names.slice(0, SHOWN).map(codeSpan).join(', ') +
    (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
  if (book.jobs.length > 0)
    steps.push({
      id: 'step/salesforce/jobs',
      text: `Salesforce: delete the scheduled jobs that run as them, and schedule them as somebody else: ${list(book.jobs)}`,
    });
  if (rules.assignmentRules.length > 0)
    steps.push({
      id: 'step/salesforce/assignment-rules',
      text: `Salesforce: look through the entries of the active assignment rules for them: ${list(rules.assignmentRules)}`,
    });
  if (rules.records.splits === 'by_person' && book.splits.length > 0)
    steps.push({
      id: 'step/salesforce/splits',
      // The owner of a split can't be changed: it is made anew, and all of an opportunity must stay 100 %.
      text: `Salesforce: give their splits of these open opportunities to who takes them: ${list([...new Set(book.splits.map(({ opportunityId }) => opportunityId))].sort())}`,
    });
  const unowned = [
    ...new Set(
      book.accounts.flatMap(({ territory }) => {
        const found = territoryOf(territory, rules);
        if (territory === null) return [];
        return found && firstActive([found.owner, found.cover], rules) !== undefined ? [] : [territory];
      }),
    ),
  ].sort();
  if (unowned.length > 0)
    steps.push({
      id: 'step/salesforce/territories',
      text: `Salesforce: these territories have no active owner and nobody who covers them, so their accounts went to the covering manager: ${list(unowned)}`,
    });
  return steps;
}

const noHeir = ({ records }: HandoverRules): HandoverStep => ({
  id: 'step/salesforce/no-heir',
  text: `Salesforce: nobody can take over. Neither their manager nor the parking owner ${codeSpan(records.parkingOwner)} is an active user: make one, then tick this`,
});
