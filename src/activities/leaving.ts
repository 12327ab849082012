import type { DeskMessage } from '../domain/desk-acts';
import type { LeavingEvent, RescindedEvent } from '../domain/hr-event';
import type { LeavingNews } from '../domain/leaver-inbox';
import type { LeavingAction, LeavingPhase } from '../domain/leaving';
import type { LeaverVisit, LeavingStep } from '../domain/offboarding';
import { living } from './faults';
import { freezeDue } from './leaver-freeze';
import { gathered } from './leaver-gathering';
import { takeBack } from './leaver-return';
import { visitLeaver } from './leaver-visit';
import { planOf } from './leaving-plan';
import type { World } from './world';

export interface PlanLeaving {
  readonly employeeId: string;
  /** The leaving that goes on; null: a new one. */
  readonly leaving: string | null;
  readonly event: LeavingEvent;
  readonly immediately: LeavingNews['immediately'];
  readonly successor: string | null;
  /** Absent: nobody named one since it was worked out last. */
  readonly namedBy?: LeavingNews['namedBy'];
  readonly now: string;
}

export interface VisitLeaver {
  readonly leaving: string;
  readonly phase: LeavingPhase;
  readonly messages: readonly DeskMessage[];
  /** Who says by a signal that the call has begun. */
  readonly call?: { readonly by: string; readonly at: string } | null;
  /** What was refused is tried again, and what was used since is looked for. */
  readonly daily: boolean;
  /** The last look. */
  readonly final: boolean;
  readonly now: string;
}

export interface LeavingActivities {
  /** Judges what HR said, keeps it, and works out the instants; touches nothing. */
  planLeaving(input: PlanLeaving): Promise<Exclude<LeavingStep, { kind: 'new' }>>;
  /** Stops the sign-in of this leaver and of all others whose time zero has come: before anything else is done for any. */
  freezeLeavers(input: {
    readonly leaving: string;
    readonly actions: readonly LeavingAction[];
    readonly now: string;
  }): Promise<{ readonly frozen: number }>;
  /** HR took it back: before time zero it ends; a suspension is lifted; after it, what was taken is asked for again. */
  takeBackLeaving(input: {
    readonly employeeId: string;
    readonly leaving: string | null;
    readonly event: RescindedEvent;
    readonly now: string;
  }): Promise<{ readonly kind: 'rescinded' | 'restored' | 'noted' }>;
  /** Reads the issue, judges what people did, tries again and looks back where it is due, reminds, and shows where it stands. */
  workLeaver(input: VisitLeaver): Promise<LeaverVisit>;
}

export function leavingActivities(world: World): LeavingActivities {
  return {
    planLeaving: living(async (input) => {
      const plan = await planOf(world, input);
      const isDue = plan.kind === 'planned' && plan.timeZero <= input.now;
      // Who isn't due holds nobody of their list up.
      if (!isDue) await gathered(world, [input]);
      return plan;
    }),
    freezeLeavers: living((input) => freezeDue(world, input)),
    takeBackLeaving: living((input) => takeBack(world, input)),
    workLeaver: living((input) => visitLeaver(world, input)),
  };
}
