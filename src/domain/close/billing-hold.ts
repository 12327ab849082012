import { isLocked, type CloseCase } from './close';
import { NO_LIGHTS, PARTIES, type Party } from './green-light';
import { reopenedBy, type CloseTask } from './tasks';
import { whyHeld, type Reconciled } from './variances';

/**
 * What a look at billing makes of a close: above the threshold, or where nothing could be compared, a task that stands on it is opened
 * again and the lights go out. Of a locked period nothing is opened any more.
 */
export function withBilling(
  before: CloseCase,
  reconciled: Reconciled,
  tasks: readonly CloseTask[],
): { readonly close: CloseCase; readonly out: readonly Party[] } {
  const why = isLocked(before) ? null : whyHeld(reconciled);
  if (why === null) return { close: { ...before, reconciled }, out: [] };
  const over = new Set(tasks.filter(({ overBilling }) => overBilling).map(({ key }) => key));
  return {
    out: PARTIES.filter((party) => before.lights[party] !== null),
    close: {
      ...before,
      reconciled,
      lights: NO_LIGHTS,
      tasks: before.tasks.map((state) =>
        over.has(state.key) && state.prepared ? reopenedBy(state, why) : state,
      ),
    },
  };
}
