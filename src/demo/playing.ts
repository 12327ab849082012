import { live } from '../../scripts/lib/progress.cjs';
import { Workflows } from '../temporal/client';
import type { DemoOptions, DemoOutcome } from '../up/demo';
import { daytwo } from './command';
import { Patience } from './patience';
import { surroundingsOf, type Surroundings } from './surroundings';
import { tellPeople, tellPrograms, type Check, type Telling, type Verified } from './telling';

/** What every play on the sandbox's clock works with. */
export interface Playing {
  readonly around: Surroundings;
  readonly workflows: Workflows;
  readonly telling: Telling;
  readonly patience: Patience;
  /** Ends the line that says what is waited for, and tells what was verified. */
  readonly verified: (all: Verified) => void;
}

/** Plays something on a running sandbox. A fault of it is what is missing, in words. */
export async function playing(
  options: DemoOptions,
  what: string,
  patienceMs: number,
  play: (stage: Playing) => Promise<readonly Check[]>,
): Promise<DemoOutcome> {
  const around = surroundingsOf(options.stateDir);
  const workflows = await Workflows.connect(around.settings);
  const telling = options.json ? tellPrograms() : tellPeople(options.voice);
  const patience = new Patience(options.signal, patienceMs);
  const waiting = live(`Playing ${what}`, () => `waiting for ${patience.waits.join('; ')}`);
  const verified = (all: Verified): void => {
    waiting.clear();
    telling.headline('\nVerified from outside of the workflow:');
    telling.verified([all]);
  };
  try {
    const checks = await play({ around, workflows, telling, patience, verified });
    const missing = checks.flatMap(({ where, missing: of }) => of.map((one) => `${where}: ${one}`));
    return { ok: missing.length === 0, missing };
  } catch (error) {
    if (options.signal.aborted) return { ok: false, missing: ['the rest, since it was interrupted'] };
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return { ok: false, missing: [`${error instanceof Error ? error.message : String(error)}${cause}`] };
  } finally {
    waiting.clear();
    await workflows.close();
  }
}

/** Whether the chain of the evidence is whole, as the command says it. */
export async function evidence(around: Surroundings): Promise<Check> {
  try {
    const [line = ''] = (await daytwo(around, 'evidence', 'verify')).trim().split('\n');
    return { where: 'Evidence', seen: line, missing: [] };
  } catch (error) {
    return { where: 'Evidence', seen: '', missing: [error instanceof Error ? error.message : String(error)] };
  }
}
