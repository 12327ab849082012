import type { CloseCase } from '../domain/close/close';
import type { DeskMessage } from '../domain/desk-acts';
import type { ClosePlan } from '../handbook/close-time';
import { acceptFindings, isAboutFinding } from './close-findings';
import { isAboutVariance, judgeVariances } from './close-variances';
import type { World } from './world';

/** Whether a message is about something else than a task or a green light. */
export const isAside = (message: DeskMessage): boolean => isAboutFinding(message) || isAboutVariance(message);

/** Judges these before the period is looked at. @returns by message, why it isn't taken; null where it is */
export async function judgeAside(
  world: World,
  close: CloseCase,
  plan: ClosePlan,
  messages: readonly DeskMessage[],
): Promise<Record<string, string | null>> {
  return {
    ...(await acceptFindings(world, close, plan, messages.filter(isAboutFinding))),
    ...(await judgeVariances(world, close, plan, messages.filter(isAboutVariance))),
  };
}
