import { mailHeader, mailLine } from '../escape';

/** An account that changed hands, with the reason. */
export interface Move {
  readonly accountId: string;
  readonly from: string;
  readonly to: string;
  /** `YYYY-MM-DD` */
  readonly on: string;
  readonly why: string;
}

/** What came to an owner, and what went from them. */
export interface OwnersMoves {
  readonly came: readonly Move[];
  readonly went: readonly Move[];
}

/** What the moves are for each owner: "the lost and the new owner of an account both learn it". By the CRM's id. */
export function movesByOwner(moves: readonly Move[]): ReadonlyMap<string, OwnersMoves> {
  const owners = new Set(moves.flatMap(({ from, to }) => [from, to]));
  return new Map(
    [...owners]
      .filter((owner) => owner !== '')
      .map((owner) => [
        owner,
        {
          came: moves.filter(({ to }) => to === owner),
          went: moves.filter(({ from }) => from === owner),
        },
      ]),
  );
}

/** How accounts are named and looked at in a mail. */
export interface ToRead {
  readonly nameOf: (accountId: string) => string;
  readonly linkOf: (accountId: string) => string;
}

type Words = { readonly subject: string; readonly text: string };

/** A mail names so many accounts of each direction. */
const MOST_NAMED = 50;

/** Said once to each owner of a night in which accounts of theirs moved. */
export const movedMail = (moves: OwnersMoves, to: ToRead): Words => ({
  subject: mailHeader(`Accounts: ${counted(moves)}`),
  text: text(moves, to, 'Territories were planned, and accounts changed hands.'),
});

/** "One mail a week of what came and went with reasons." */
export const weekMail = (moves: OwnersMoves, to: ToRead, since: string): Words => ({
  subject: mailHeader(`Your accounts this week: ${counted(moves)}`),
  text: text(moves, to, `What came and went since ${since}.`),
});

const counted = ({ came, went }: OwnersMoves): string => `${came.length} came, ${went.length} went`;

function text({ came, went }: OwnersMoves, to: ToRead, opening: string): string {
  const parts = [
    opening,
    ...listed('Came to you:', came, to),
    ...listed('Went to somebody else:', went, to),
    'Why an account is where it is: daytwo territory explain <account>. Where it is wrong, ask in its Account Review section.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function listed(title: string, moves: readonly Move[], { nameOf, linkOf }: ToRead): readonly string[] {
  if (moves.length === 0) return [];
  const lines = moves
    .slice(0, MOST_NAMED)
    .map(
      ({ accountId, on, why }) =>
        `- ${mailLine(nameOf(accountId))}, on ${on}: ${mailLine(why)}\n  ${linkOf(accountId)}`,
    );
  const more = moves.length - MOST_NAMED;
  return [[title, ...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n')];
}

/** Once a week, on policy's day or later: the week's first day (Monday) names it. */
export const isWeekDue = (
  today: { readonly weekday: number; readonly monday: string },
  policyDay: number,
  lastMonday: string | null,
): boolean => today.weekday >= policyDay && lastMonday !== today.monday;
