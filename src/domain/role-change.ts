import type { IssueRef } from './access-request';
import type { PersonFacts } from './hr-event';

/** Where a change of role stands, as the activity found it. */
export type MoveStep =
  /** Nothing was tried yet. */
  | { readonly kind: 'new' }
  /** Nobody of this id is here any longer, or nothing of the change concerns access, or the systems hold all that it asks. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'manager_moved' }
  | {
      readonly kind: 'no_template';
      readonly paths: readonly string[];
      /** Where people were told. */
      readonly desk: IssueRef;
      /** An instant. */
      readonly remindAt: string;
      readonly configDigest: string;
    }
  | {
      readonly kind: 'filed';
      readonly ref: IssueRef;
      /** HR's facts that it was filed for. */
      readonly facts: PersonFacts;
    }
  | {
      readonly kind: 'filed_by_hand';
      readonly ref: IssueRef;
    }
  | { readonly kind: 'reminded' };

/** The one view of a change of role that the command and the Temporal UI show. */
export interface MoveStatus {
  readonly kind: 'role-change';
  readonly employeeId: string;
  readonly step: MoveStep;
  readonly since: string;
}

/** What an operator sees in the Temporal UI: never a name or an address. */
export function moveDetails({ employeeId, step, since }: MoveStatus): string {
  return `## Employee ${employeeId.replace(/[^\w.-]/g, '_')} changes roles, since ${since}\n\n${inWords(step)}`;
}

function inWords(step: MoveStep): string {
  const link = (ref: IssueRef): string => `[${ref.project}#${ref.iid}](${ref.url})`;
  switch (step.kind) {
    case 'new':
      return 'Looks what the person holds, and what the new role gives.';
    case 'nothing':
      return 'Ended: nothing is to be given or taken away.';
    case 'manager_moved':
      return 'Ended: only the manager changed; open requests were told.';
    case 'no_template':
      return `**Waits for** a role template or a request filed by hand, on both managers and the provisioning DRIs: ${link(step.desk)}\n\n**Then** the access change is filed. A reminder at ${step.remindAt}, if nobody filed anything.\n\nLooked for:\n\n${step.paths.map((path) => `- \`${path}\``).join('\n')}`;
    case 'filed':
      return `Ended: the access change was filed: ${link(step.ref)}`;
    case 'filed_by_hand':
      return `Ended: somebody filed it by hand: ${link(step.ref)}`;
    case 'reminded':
      return 'Ended: nobody filed anything, and both managers were reminded.';
  }
}
