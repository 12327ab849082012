import type { LeaverOutcome } from '../leavers';
import { passing } from './errors';
import type { Saved } from './org';

interface Known {
  /** How Salesforce says it: https://help.salesforce.com/s/articleView?id=000384586, 000384761, 000386275, 000383178. */
  readonly said: RegExp;
  readonly blocker: string;
  readonly mend: string;
}

const KNOWN: readonly Known[] = [
  {
    said: /web.to.lead default creator|default lead creator/i,
    blocker: 'they are the default creator of web-to-lead',
    mend: 'In **Setup › Web-to-Lead**, choose another **Default Lead Creator**.',
  },
  {
    said: /default owner of leads|default lead owner/i,
    blocker: 'they are the default lead owner',
    mend: 'In **Setup › Lead Settings**, choose another **Default Lead Owner**.',
  },
  {
    said: /default owner of cases|default case owner/i,
    blocker: 'they are the default case owner',
    mend: 'In **Setup › Support Settings**, choose another **Default Case Owner**.',
  },
  {
    said: /automated case (?:user|owner)/i,
    blocker: 'they are the automated case user',
    mend: 'In **Setup › Support Settings**, choose another **Automated Case User**.',
  },
  {
    said: /default case creator/i,
    blocker: 'they are the default case creator',
    mend: 'In **Setup › Web-to-Case** and **Email-to-Case**, choose another default creator.',
  },
  {
    said: /default workflow user/i,
    blocker: 'they are the default workflow user',
    mend: 'In **Setup › Process Automation Settings**, choose another **Default Workflow User**.',
  },
  {
    said: /assignment.{0,20}escalation rules|assignment rule|escalation rule/i,
    blocker: 'an assignment or escalation rule names them (inactive rules count too)',
    mend: 'In **Setup › Lead Assignment Rules, Case Assignment Rules and Escalation Rules**, replace them in every entry and escalation action.',
  },
  {
    said: /auto.response rule/i,
    blocker: 'an auto-response rule names them',
    mend: 'In **Setup › Lead and Case Auto-Response Rules**, replace them in every entry.',
  },
  {
    said: /(?:sole|only) recipient|recipient of (?:a |an )?(?:workflow )?(?:e-?mail )?alert|workflow e-?mail alert/i,
    blocker: 'they are the only recipient of a workflow e-mail alert',
    mend: 'In **Setup › Email Alerts**, add another recipient to each alert that names them, and remove them.',
  },
  {
    said: /scheduled (?:apex )?job|jobs? (?:is |are )?scheduled/i,
    blocker: 'a scheduled job runs as them',
    mend: 'In **Setup › Scheduled Jobs**, delete each job submitted by them and schedule it as another user.',
  },
  {
    said: /approval process|approver/i,
    blocker: 'an approval process names them',
    mend: 'In **Setup › Approval Processes**, replace them as approver in every step.',
  },
  {
    said: /portal/i,
    blocker: 'they own an account of a portal or are its administrator',
    mend: 'Give those accounts another owner with a role, and choose another portal administrator in **Setup › Customer Portal Settings**.',
  },
];

/** The field's label stands behind the colon, and a person's name may follow: plain characters only, up to the first other. */
const HIERARCHY = /hierarchy field\W{0,3}([\w ]{1,40})?/i;

const BY_CODE: Readonly<Record<string, readonly [blocker: string, mend: string] | undefined>> = {
  CANNOT_DISABLE_LAST_ADMIN: [
    'they are the last active administrator',
    'Give another active user the profile **System Administrator**.',
  ],
  INSUFFICIENT_ACCESS_OR_READONLY: [
    "daytwo's own user may not change theirs",
    "Give daytwo's user **Manage Users**, or do it by hand.",
  ],
};

/**
 * What is in the way, in words: "which default owner, which job, which field". The org's message is text from outside: only
 * what is known of it becomes words of ours, anything else its code.
 */
export function refusalOf(saved: Saved | undefined): LeaverOutcome {
  const code = saved?.code ?? 'NOT_SHOWN';
  if (passing(code)) return { kind: 'waiting_for_system', system: 'salesforce', code };
  const [blocker, mend] = blockerOf(code, saved?.message ?? '');
  return { kind: 'refused', code, blocker, mend };
}

function blockerOf(code: string, message: string): readonly [blocker: string, mend: string] {
  const hierarchy = HIERARCHY.exec(message);
  if (hierarchy) {
    const field = hierarchy[1]?.trim();
    return [
      `a custom hierarchy field of other users names them${field ? `: \`${field}\`` : ''}`,
      'In **Setup › Users**, put somebody else in that field, or empty it, for every user who has them there.',
    ];
  }
  const known = KNOWN.find(({ said }) => said.test(message));
  if (known) return [known.blocker, known.mend];
  return (
    BY_CODE[code] ?? [
      `Salesforce refused: ${code}`,
      'Try it in **Setup › Users**, which says what is in the way and links to it; mend that.',
    ]
  );
}
