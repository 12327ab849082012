import type { DateMove, DateMoved, OverdueKeeper, OverdueOpportunity } from '../overdue';
import { COLLECTION_LIMIT, type Org } from './org';
import { plainDay } from './period-lock';
import { textOf, type Row } from './soql';

export const overdueKeeper = (org: Org): OverdueKeeper => ({
  list: async (before) => {
    const rows = await org.query(
      `SELECT Id, StageName, OwnerId, Amount, CloseDate, SystemModstamp FROM Opportunity WHERE IsClosed = false AND CloseDate < ${plainDay(before)} ORDER BY Id`,
    );
    return rows.map(overdueOf);
  },
  move: async (moves, done) => {
    for (let at = 0; at < moves.length; at += COLLECTION_LIMIT)
      await done(await moveTogether(org, moves.slice(at, at + COLLECTION_LIMIT)));
  },
});

const overdueOf = (row: Row): OverdueOpportunity => ({
  id: textOf(row, 'Id'),
  stage: textOf(row, 'StageName'),
  ownerId: textOf(row, 'OwnerId'),
  amountCents: typeof row['Amount'] === 'number' ? Math.round(row['Amount'] * 100) : null,
  closeDate: textOf(row, 'CloseDate'),
  changedAt: textOf(row, 'SystemModstamp'),
});

async function moveTogether(org: Org, moves: readonly DateMove[]): Promise<readonly DateMoved[]> {
  const before = await rowsOf(org, moves);
  const told = new Map<string, DateMoved>();
  const wanted: DateMove[] = [];
  for (const move of moves) {
    const row = before.get(move.id);
    const outcome = row ? whatToDo(row, move) : 'gone';
    if (outcome === null) wanted.push(move);
    else told.set(move.id, { id: move.id, outcome, code: null });
  }
  const saved =
    wanted.length === 0
      ? []
      : await org.update(
          'Opportunity',
          wanted.map(({ id, to }) => ({ Id: id, CloseDate: to })),
        );
  const after = await rowsOf(org, wanted);
  wanted.forEach(({ id, to }, at) => {
    const isMoved = textOf(after.get(id), 'CloseDate') === to;
    const code = isMoved ? null : (saved[at]?.code ?? 'NOT_SHOWN');
    told.set(id, { id, outcome: isMoved ? 'moved' : 'refused', code });
  });
  return moves.flatMap(({ id }) => told.get(id) ?? []);
}

/** Null: it is to be moved. One that has the new date already was moved by a try whose answer got lost. */
function whatToDo(row: Row, { closeDate, changedAt, to }: DateMove): 'moved' | 'changed' | null {
  if (row['IsClosed'] === true) return 'changed';
  if (textOf(row, 'CloseDate') === to) return 'moved';
  return textOf(row, 'CloseDate') === closeDate && textOf(row, 'SystemModstamp') === changedAt
    ? null
    : 'changed';
}

async function rowsOf(org: Org, moves: readonly DateMove[]): Promise<ReadonlyMap<string, Row>> {
  const ids = moves.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const rows = await org.retrieve('Opportunity', ids, ['Id', 'IsClosed', 'CloseDate', 'SystemModstamp']);
  return new Map(rows.map((row) => [textOf(row, 'Id'), row]));
}
