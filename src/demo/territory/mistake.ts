import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { daytwo } from '../command';
import { tell, type TerritoryPlay } from './play';

const comparisonAnswer = z.object({ placedAnew: z.object({ accounts: z.number() }), page: z.string() });

/** A copy of the tables in which somebody mistypes the segment of one territory; the page shows what that would do. */
export async function mistaken(
  play: TerritoryPlay,
): Promise<{ readonly page: string; readonly accounts: number }> {
  const { configDir, stateDir } = play.around.settings;
  const tables = join(stateDir, 'tables-with-a-mistake');
  cpSync(join(configDir, 'territory', 'tables'), tables, { recursive: true });
  const file = join(tables, 'smb.csv');
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes(',SMB,US,'));
  const [, , territory = ''] = lines[at]?.split(',') ?? [];
  lines[at] = lines[at]?.replace(',SMB,US,', ',Mid-Market,US,') ?? '';
  writeFileSync(file, lines.join('\n'));
  const page = join(stateDir, `territory-${play.day}.html`);
  const said = await daytwo(play.around, 'territory', 'plan', '--tables', tables, '--out', page, '--json');
  const { placedAnew } = comparisonAnswer.parse(JSON.parse(said));
  tell(
    play,
    'what if',
    `${territory} were Mid-Market by mistake: ${placedAnew.accounts} accounts would be placed anew; nothing is changed by asking`,
    page,
  );
  return { page, accounts: placedAnew.accounts };
}
