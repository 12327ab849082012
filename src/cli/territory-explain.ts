import { isCalendarDate } from '../domain/dates';
import { longId } from '../domain/close/record-id';
import { terminal } from '../domain/escape';
import { explanationOf } from '../domain/territory/explanation';
import { nightsOf } from './accounts-by-place';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';

export interface ExplainOptions extends Spoken {
  readonly on?: string;
}

/**
 * `daytwo territory explain <account>`: why an account is where it is, by the last night, or the last one up to a day. From what was
 * kept: no system is asked.
 */
export async function territoryExplain(
  asked: string,
  { on, json }: ExplainOptions,
  around: Surroundings,
): Promise<number> {
  const id = longId(asked);
  if (id === null) throw new WrongUsage(`${asked} is no Salesforce id: 15 or 18 letters and digits.`);
  if (on !== undefined && !isCalendarDate(on)) throw new WrongUsage('--on takes a day, 2026-11-26.');
  const nights = nightsOf(around);
  const name = await nights.latest(on);
  if (name === undefined)
    throw new Refused(
      on === undefined
        ? 'No night is kept yet: daytwo territory plan.'
        : `No night is kept of ${on} or before.`,
    );
  const night = await nights.open(name);
  try {
    const planned = await night.planned(id);
    if (!planned) throw new Refused(`${id} was not among the accounts of ${name}.`);
    if (json) around.out(jsonLine({ night: name, ...planned }));
    else {
      around.out(`${id} on ${name}`);
      for (const line of explanationOf(planned.placement)) around.out(terminal(line));
    }
    return 0;
  } finally {
    await night.close();
  }
}
