import { z } from 'zod';
import type { Org } from './org';
import type { Row, Scalar } from './schema';

const count = z.int().min(0).max(100_000).default(0);

/** Whose books, and how many records of each kind are in one. */
export const booksWanted = z.strictObject({
  username: z.string().min(1).optional(),
  usernames: z.array(z.string().min(1)).max(1000).default([]),
  seed: count,
  leads: count,
  accounts: count,
  open: count,
  closed: count,
  cases: count,
  /** Memberships of account and opportunity teams. */
  teams: count,
  /** Open opportunities whose revenue is split with them, half and half. */
  splits: count,
  /** Names of the accounts' territories, dealt out in turn; none: accounts without one. */
  territories: z.array(z.string().min(1).max(120)).default([]),
  queues: count,
  approvals: count,
  jobs: count,
});

/** What a seller owns, as the generator makes it: the same seed makes the same book. */
export type BookWanted = Omit<z.infer<typeof booksWanted>, 'username' | 'usernames'> & {
  readonly ownerId: string;
};

const OPEN_STAGES = [
  '0-Pending Acceptance',
  '1-Discovery',
  '2-Scoping',
  '3-Technical Evaluation',
  '4-Proposal',
  '5-Negotiating',
  '6-Awaiting Signature',
];
const CLOSED_STAGES = ['Closed Won', '8-Closed Lost', '9-Unqualified'];

/** Fills the org with what somebody owns. @returns how many records were made, by object */
export function fillBook(org: Org, wanted: BookWanted, by: string | null): Record<string, number> {
  const random = numbersFrom(wanted.seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const OwnerId = wanted.ownerId;
  const made: Record<string, number> = {};
  const add = (object: string, values: Readonly<Record<string, Scalar>>): Row => {
    made[object] = (made[object] ?? 0) + 1;
    return org.add(object, values, by);
  };
  const times = <T>(count: number, make: (at: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  times(wanted.leads, (at) =>
    add('Lead', { LastName: `Lead ${wanted.seed}-${at}`, Company: `Company ${at % 500}`, OwnerId }),
  );
  const accounts = times(wanted.accounts, (at) =>
    add('Account', {
      Name: `Account ${wanted.seed}-${at}`,
      OwnerId,
      ...(wanted.territories.length > 0
        ? { Account_Territory__c: wanted.territories[at % wanted.territories.length] ?? null }
        : {}),
    }),
  );
  const deal = (at: number, StageName: string, day: number): Row =>
    add('Opportunity', {
      Name: `Opportunity ${wanted.seed}-${at}`,
      StageName,
      AccountId: accounts.length > 0 ? (accounts[at % accounts.length]?.Id ?? null) : null,
      CloseDate: new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
      Amount: Math.round(random() * 90_000) + 1_000,
      OwnerId,
    });
  const open = times(wanted.open, (at) =>
    deal(at, pick(OPEN_STAGES) ?? '1-Discovery', 340 + Math.floor(random() * 200)),
  );
  times(wanted.closed, (at) =>
    deal(wanted.open + at, pick(CLOSED_STAGES) ?? 'Closed Won', Math.floor(random() * 300)),
  );
  times(wanted.cases, (at) => add('Case', { Subject: `Case ${wanted.seed}-${at}`, Status: 'New', OwnerId }));
  times(wanted.teams, (at) => {
    const [account, opportunity] = [accounts[at % (accounts.length || 1)], open[at % (open.length || 1)]];
    if (account)
      add('AccountTeamMember', { AccountId: account.Id, UserId: OwnerId, TeamMemberRole: 'Sales Rep' });
    if (opportunity)
      add('OpportunityTeamMember', {
        OpportunityId: opportunity.Id,
        UserId: OwnerId,
        TeamMemberRole: 'Sales Rep',
      });
  });
  const [splitType] = org.where('OpportunitySplitType', 'DeveloperName', 'Revenue');
  times(Math.min(wanted.splits, open.length), (at) => {
    const half = {
      OpportunityId: open[at]?.Id ?? null,
      SplitTypeId: splitType?.Id ?? null,
      SplitPercentage: 50,
    };
    add('OpportunitySplit', { ...half, SplitOwnerId: OwnerId });
    add('OpportunitySplit', { ...half, SplitOwnerId: by });
  });
  times(wanted.queues, (at) => {
    const group =
      org.where('Group', 'DeveloperName', `Queue_${at}`)[0] ??
      add('Group', { Name: `Queue ${at}`, DeveloperName: `Queue_${at}`, Type: 'Queue' });
    add('GroupMember', { GroupId: group.Id, UserOrGroupId: OwnerId });
  });
  times(wanted.approvals, (at) => {
    const process = add('ProcessInstance', { TargetObjectId: open[at % (open.length || 1)]?.Id ?? null });
    add('ProcessInstanceWorkitem', {
      ProcessInstanceId: process.Id,
      OriginalActorId: OwnerId,
      ActorId: OwnerId,
    });
  });
  times(wanted.jobs, (at) => {
    const detail = add('CronJobDetail', { Name: `Nightly job ${wanted.seed}-${at}` });
    add('CronTrigger', { CronJobDetailId: detail.Id, OwnerId, CronExpression: '0 0 2 * * ?' });
  });
  return made;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
