import { centsOf } from '../domain/close/cents';
import { readDelimited } from '../domain/delimited-text';
import { suggestion } from '../domain/spelling';
import type { PlacedAccounts } from '../domain/territory/gaps';
import { postCodeOf } from '../domain/territory/texts';
import { WrongUsage } from './surroundings';

/** Columns of a file of accounts: where each family is, and how much it is. Names of accounts aren't asked for. */
const COLUMNS = [
  'ultimate_parent_id',
  'segment',
  'country',
  'state',
  'post_code',
  'industry',
  'accounts',
  'carr',
  'pipeline',
] as const;
type Column = (typeof COLUMNS)[number];

/** Accounts by place from a CSV file with a header. @throws WrongUsage with line and reason */
export function placedFrom(text: string): readonly PlacedAccounts[] {
  const [head, ...records] = readDelimited(text.replace(/^\ufeff/, '').split(/\r?\n/), ',');
  const columns = (head?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  for (const column of columns)
    if (!(COLUMNS as readonly string[]).includes(column))
      throw new WrongUsage(`Unknown column ${column}. ${suggestion(column, COLUMNS, 'Take it away.')}`);
  for (const column of ['segment', 'country'])
    if (!columns.includes(column))
      throw new WrongUsage(
        `The file of accounts has no column ${column}. It may have: ${COLUMNS.join(', ')}.`,
      );
  return records.map(({ cells, line }) => {
    const cell = (column: Column): string | null => {
      const at = columns.indexOf(column);
      return (at < 0 ? '' : (cells[at] ?? '').trim()) || null;
    };
    const number = (column: Column, usual: number, read: (text: string) => number | null): number => {
      const said = cell(column);
      const value = said === null ? usual : read(said);
      if (value === null) throw new WrongUsage(`Line ${line + 1}: ${column} is no number: ${said ?? ''}`);
      return value;
    };
    return {
      ultimateParentId: cell('ultimate_parent_id') ?? '',
      segment: cell('segment') ?? '',
      address: {
        country: cell('country'),
        state: cell('state'),
        postCode: postCodeOf(cell('post_code')),
      },
      industry: cell('industry'),
      accounts: number('accounts', 1, (said) => (/^\d{1,9}$/.test(said) ? Number(said) : null)),
      carrCents: number('carr', 0, centsOf),
      pipelineCents: number('pipeline', 0, centsOf),
    };
  });
}
