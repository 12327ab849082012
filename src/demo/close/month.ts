import { z } from 'zod';
import type { ClosePlan } from '../../handbook/close-time';
import { addDays } from '../../domain/dates';
import type { SandboxFile } from '../../sandbox/files';

const clockAnswer = z.object({ now: z.iso.datetime() });
const plantedAnswer = z.object({
  bookings: z.number(),
  planted: z.array(z.object({ record: z.string(), check: z.string() })),
});
const arrivedAnswer = z.object({ arrived: z.number(), waiting: z.number() });
const mendedAnswer = z.object({ mended: z.array(z.string()) });

/** What was planted for the checks to find: a record, and the check. */
export type PlantedFault = z.infer<typeof plantedAnswer>['planted'][number];

/** The sandbox's clock, and the deals that its salespeople make while it goes. */
export class Month {
  constructor(private readonly sandbox: Pick<SandboxFile, 'control' | 'salesforce'>) {}

  async now(): Promise<string> {
    return clockAnswer.parse(await asked(`${this.sandbox.control.url}/clock`, 'GET')).now;
  }

  /** Puts the clock forward, and lets come what has happened by then. @returns how many deals came */
  async forwardTo(instant: string): Promise<number> {
    await asked(`${this.sandbox.control.url}/clock`, 'PUT', { now: new Date(instant).toISOString() });
    return arrivedAnswer.parse(await this.#bookings('/arrive', {})).arrived;
  }

  /** Keeps a month of deals ready, each to come in its time, with faults that are written down. */
  async fill(
    { period }: ClosePlan,
    count: number,
    seed: number,
  ): Promise<{ readonly bookings: number; readonly planted: readonly PlantedFault[] }> {
    return plantedAnswer.parse(
      await this.#bookings('', {
        period: period.key,
        cutOff: period.cutOff,
        today: addDays(period.lastDay, 1),
        count,
        seed,
        arrive: true,
        spoilt_one_in: SPOILT_ONE_IN,
      }),
    );
  }

  /** The salespeople mend these; gives those that could be mended. */
  async mend(records: readonly string[]): Promise<readonly string[]> {
    return mendedAnswer.parse(await this.#bookings('/mend', { records })).mended;
  }

  #bookings(path: string, body: object): Promise<unknown> {
    return asked(`${this.sandbox.salesforce.loginUrl}/__sandbox/bookings${path}`, 'POST', body);
  }
}

/** As many faults as people of a month can be expected to look at. */
const SPOILT_ONE_IN = 20;
const PATIENCE_MS = 60_000;

/** Asks the sandbox. @throws where it refuses */
export async function asked(url: string, method: string, body?: object): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${answer.status}`);
  return answer.json();
}
