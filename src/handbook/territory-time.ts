import { policyOn } from '../domain/day-two';
import type { Handbook } from '../domain/handbook';
import { localTime } from './business-time';

/** The day of a run of territory planning that begins now, where a night is a night. */
export const runDay = (handbook: Handbook, now: string): string =>
  localTime(now, policyOn(handbook, now.slice(0, 10)).territoryRun.zone).date;
