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
  /** Address of the successor whom somebody named. */
  readonly successor: string | null;
  /** Addresses, the nearest first: the manager, and who stands above. */
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

/** What becomes of one record, and why it is they who get it: for people's eyes. */
export interface Handover extends BookMove {
  readonly why: string;
}

export interface HandoverPlan {
  readonly moves: readonly Handover[];
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
  const own = (object: string, id: string, { id: to, why }: Heir): Handover => ({
    object,
    id,
    field: 'OwnerId',
    to,
    why,
  });
  const until = { [rules.records.holdoverField]: addDays(rules.day, rules.records.holdoverDays) };
  const opportunities = fates.flatMap(([{ id }, fate]): Handover[] => {
    if (fate.kind === 'stays') return [];
    if (fate.kind === 'holdover')
      return [{ ...own('Opportunity', id, cover), set: until, why: `holds it over: ${cover.why}` }];
    return [own('Opportunity', id, fate.with ? { ...fate.with, why: 'goes with its account' } : cover)];
  });
  return {
    moves: [
      ...book.accounts.map(({ id }) => own('Account', id, owners.get(id) ?? cover)),
      ...opportunities,
      ...book.leads.map((id) => own('Lead', id, cover)),
      ...book.cases.map((id) => own('Case', id, cover)),
      ...book.memberships.map(({ id, group }) => ({ ...removal('GroupMember', id), name: group })),
      ...book.approvals.map((id) => ({ ...own('ProcessInstanceWorkitem', id, cover), field: 'ActorId' })),
      // Nobody stands above themself.
      ...book.hierarchy.map(({ object, id, field }) =>
        id === cover.id ? { ...removal(object, id), field } : { ...own(object, id, cover), field },
      ),
      ...(rules.records.teams === 'remove' ? book.teams.map(({ object, id }) => removal(object, id)) : []),
    ],
    stays: fates.flatMap(([{ id }, { kind }]) => (kind === 'stays' ? [id] : [])),
    steps: stepsOf(book, rules, cover),
    nobody: false,
  };
}

/** Those that the covering manager holds: they go before their account does, which would take them along. */
export const isHeldOver = ({ object, set }: BookMove): boolean =>
  object === 'Opportunity' && set !== undefined;

const removal = (object: string, id: string): Handover => ({
  object,
  id,
  field: null,
  to: null,
  why: 'removed',
});

/** Who takes over, as a Salesforce user id, and why it is they. */
interface Heir {
  readonly id: string;
  readonly why: string;
}

const SUCCESSOR = 'the named successor';

/** Who takes what no territory decides: the successor, else the covering manager, else the parking owner. */
function coverOf(rules: HandoverRules): Heir | undefined {
  const { successor, managers, records } = rules;
  return firstActive(
    [
      [successor, SUCCESSOR],
      ...managers.map((email, at) => [email, at === 0 ? 'the manager' : 'stands above the manager'] as const),
      [records.parkingOwner, 'the parking owner'],
    ],
    rules,
  );
}

function firstActive(
  candidates: readonly (readonly [email: string | null, why: string])[],
  { heirs, leaver }: Pick<HandoverRules, 'heirs' | 'leaver'>,
): Heir | undefined {
  for (const [address, why] of candidates) {
    const email = address?.toLowerCase();
    // Nobody is their own heir; who left, leaves or is frozen isn't among the heirs.
    if (email === undefined || email === leaver.toLowerCase()) continue;
    const id = heirs.get(email);
    if (id !== undefined) return { id, why };
  }
  return undefined;
}

/** "To the owner of their territory, else the covering manager." Undefined: the territory says nothing of use. */
function accountHeir({ territory }: Pick<OwnedAccount, 'territory'>, rules: HandoverRules): Heir | undefined {
  const found = territoryOf(territory, rules);
  return (
    found &&
    firstActive(
      [
        [found.owner, 'owns its territory'],
        [found.cover, 'covers its territory'],
      ],
      rules,
    )
  );
}

const territoryOf = (name: string | null, { territories }: HandoverRules): Territory | undefined =>
  name === null ? undefined : territories.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());

type Fate =
  | { readonly kind: 'stays' }
  /** Undefined: their account is somebody else's, so the covering manager has it. */
  | { readonly kind: 'moves'; readonly with: Heir | undefined }
  | { readonly kind: 'holdover' };

/**
 * "Moving an account must not move owners of closed opportunities", nor of a locked period. Of the open ones "stages 0 to 2 move,
 * 3 to 6 follow holdover": the covering manager holds them.
 */
function fateOf(
  { accountId, stage, closed, closeDate }: OwnedOpportunity,
  owners: ReadonlyMap<string, Heir>,
  { records }: HandoverRules,
): Fate {
  if (closed || (records.lockedThrough !== null && closeDate <= records.lockedThrough))
    return { kind: 'stays' };
  if (stageOf(stage) > records.moveUpToStage) return { kind: 'holdover' };
  return { kind: 'moves', with: accountId === null ? undefined : owners.get(accountId) };
}

/** `3-Technical Evaluation` is stage 3; what carries no number isn't early. */
const stageOf = (stage: string): number => {
  const number = /^(\d+)/.exec(stage)?.[1];
  return number === undefined ? Infinity : Number(number);
};

/** Names that are shown of a list, the rest is counted. */
const SHOWN = 10;

function stepsOf(book: Book, rules: HandoverRules, cover: Heir): readonly HandoverStep[] {
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
      book.accounts.flatMap(({ territory }) =>
        territory === null || accountHeir({ territory }, rules) !== undefined ? [] : [territory],
      ),
    ),
  ].sort();
  if (unowned.length > 0)
    steps.push({
      id: 'step/salesforce/territories',
      text: `Salesforce: name an owner of these territories in the tables of \`config/territory/\`, and give them the accounts. Nobody active owns or covers them, so ${cover.why} has their accounts: ${list(unowned)}`,
    });
  if (rules.successor !== null && cover.why !== SUCCESSOR)
    steps.push({
      id: 'step/salesforce/successor',
      text: `Salesforce: give what they owned to somebody who stays, or tick this. The successor who was named leaves, has left, or is no active user, so ${cover.why} has it`,
    });
  return steps;
}

const noHeir = ({ records }: HandoverRules): HandoverStep => ({
  id: 'step/salesforce/no-heir',
  text: `Salesforce: nobody can take over. Neither their manager nor the parking owner ${codeSpan(records.parkingOwner)} is an active user: make one, then tick this`,
});
