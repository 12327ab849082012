import { periodNamed } from './close-calendar';
import { show, type ShowOptions } from './show';
import type { Surroundings } from './surroundings';

/** `daytwo close show <period>`: as `daytwo show <period>` does. */
export const closeShow = (asked: string, options: ShowOptions, around: Surroundings): Promise<number> =>
  show(`close/${periodNamed(asked)}`, options, around);
