import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { daytwo } from '../command';
import { tell, type TerritoryPlay } from './play';

const comparisonAnswer = z.object({ placedAnew: z.object({ accounts: z.number() }), page: z.string() });

/** A copy of the tables in which somebody mixes up the segments of two territories; the page shows what that would do. */
export async function mistaken(
  play: TerritoryPlay,
): Promise<{ readonly page: string; readonly accounts: number }> {
  const { configDir, stateDir } = play.around.settings;
  const tables = join(stateDir, 'tables-with-a-mistake');
  cpSync(join(configDir, 'territory', 'tables'), tables, { recursive: true });
  const [small, medium] = ['smb.csv', 'mid-market.csv'].map((name) => join(tables, name)) as [string, string];
  const [ofSmall, ofMedium] = [read(small), read(medium)];
  // Two that are for the same places: otherwise the check of the tables finds it.
  const at = ofSmall.findIndex((line) => placesOf(line, SMALL) && pairOf(line, ofMedium) >= 0);
  const other = pairOf(ofSmall[at] ?? '', ofMedium);
  const [, , territory = ''] = ofSmall[at]?.split(',') ?? [];
  ofSmall[at] = ofSmall[at]?.replace(SMALL, MEDIUM) ?? '';
  ofMedium[other] = ofMedium[other]?.replace(MEDIUM, SMALL) ?? '';
  writeFileSync(small, ofSmall.join('\n'));
  writeFileSync(medium, ofMedium.join('\n'));
  const page = join(stateDir, `territory-${play.day}.html`);
  const said = await daytwo(play.around, 'territory', 'plan', '--tables', tables, '--out', page, '--json');
  const { placedAnew } = comparisonAnswer.parse(JSON.parse(said));
  tell(
    play,
    'what if',
    `the segment of ${territory} were mixed up with another's: ${placedAnew.accounts} accounts would be placed anew; nothing is changed by asking`,
    page,
  );
  return { page, accounts: placedAnew.accounts };
}

const SMALL = ',SMB,US,';
const MEDIUM = ',Mid-Market,US,';
const read = (file: string): string[] => readFileSync(file, 'utf8').split('\n');
const placesOf = (line: string, segment: string): string | undefined => line.split(segment)[1];
const pairOf = (line: string, others: readonly string[]): number =>
  others.findIndex((other) => placesOf(other, MEDIUM) === placesOf(line, SMALL));
