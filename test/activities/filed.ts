import { newRequest, applyAll, type Fact, type RequestState } from '../../src/domain/access-request';
import { grantable, isRemoval } from '../../src/domain/batches';
import type { DeskMessage } from '../../src/domain/desk-acts';
import { renderTemplate } from '../../src/domain/form-template';
import { unreadPlan, type AccessRequestInput } from '../../src/domain/request-start';
import type { DeskReport } from '../../src/activities/desk';
import { recordOf } from '../../src/activities/world';
import type { HiredEvent } from '../../src/domain/hr-event';
import { accountExecutive } from '../support/desk';
import type { Ground } from './ground';

export const HEARD = '2026-11-01T00:00:00.000Z';

/** Somebody who works here, as HR told of them long ago. */
export async function employee(
  ground: Ground,
  employeeId: string,
  facts: Partial<HiredEvent> = {},
): Promise<string> {
  const hire = accountExecutive(employeeId, facts);
  await ground.store.putPerson(recordOf(employeeId, hire, 'active', HEARD));
  return hire.email;
}

/** A template as a person sees it once it was published, filled in by `fill`. */
export function filledIn(ground: Ground, file: string, fill: (text: string) => string): string {
  const template = ground.handbook.issueTemplates.find((one) => one.file === file);
  if (!template) throw new Error(`no template ${file}`);
  return fill(renderTemplate(template.text, ground.handbook));
}

/** A request that somebody files through GitLab, as its workflow would lead it. */
export class Filed {
  state: RequestState;

  private constructor(
    private readonly ground: Ground,
    { ref, plan, openedAt }: Pick<AccessRequestInput, 'ref' | 'plan' | 'openedAt'>,
  ) {
    this.state = newRequest(ref, plan, openedAt);
  }

  get iid(): number {
    return this.state.ref.iid;
  }

  /** The request that daytwo itself has filed last. */
  static byDaytwo(ground: Ground): Filed {
    const input = ground.workflows.plans.at(-1);
    if (!input) throw new Error('no request was started');
    return new Filed(ground, input);
  }

  static async by(ground: Ground, requester: string, title: string, description: string): Promise<Filed> {
    const { iid } = await ground
      .desk()
      .as<{ iid: number }>(
        requester,
        'POST',
        `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`,
        {
          title,
          description,
        },
      );
    const project = ground.projects.accessRequests;
    return new Filed(ground, {
      ref: { project, iid, url: `${ground.systems.files.gitlab.url}/${iid}` },
      plan: unreadPlan({ requester, order: 'filed', policyVersion: '2026-01-01' }),
      openedAt: new Date().toISOString(),
    });
  }

  async visit(messages: readonly DeskMessage[] = [], now = new Date().toISOString()): Promise<DeskReport> {
    const report = await this.ground.run('workDesk', { state: this.state, messages, now });
    this.hears(...report.facts);
    return report;
  }

  hears(...facts: Fact[]): void {
    this.state = applyAll(this.state, facts);
  }

  /** Grants and takes away what can be, as the workflow does. */
  async work(at = new Date().toISOString()): Promise<void> {
    for (const [connection, tasks] of grantable(this.state, at)) {
      const { ref, plan } = this.state;
      const batch = {
        reason: plan.filed?.kind === 'change' ? ('change' as const) : ('filed' as const),
        ref,
        employeeId: plan.employeeId,
        crowd: { request: `${ref.project}#${ref.iid}`, version: plan.filed?.version ?? '' },
        connection,
        tries: 1,
        approved: { policyVersion: plan.policyVersion, templateDigest: plan.filed?.version ?? '' },
      };
      const given = tasks.filter((task) => !isRemoval(task));
      const taken = tasks.filter(isRemoval);
      const results = [
        ...(given.length > 0 ? [await this.ground.run('grantAccess', { ...batch, tasks: given })] : []),
        ...(taken.length > 0
          ? [
              await this.ground.run('revokeAccess', {
                ...batch,
                tasks: taken,
                whateverBegun: taken.map(({ id }) => id),
              }),
            ]
          : []),
      ];

      for (const { outcomes, counts } of results)
        for (const [task, outcome] of Object.entries(outcomes))
          this.hears({
            kind: 'outcome',
            task,
            outcome,
            at: new Date().toISOString(),
            ...(counts?.[task] ? { counts: counts[task] } : {}),
          });
    }
  }

  issue = () => this.ground.desk().issue(this.iid);
  write = (by: string, description: string) => this.ground.desk().write(by, this.iid, description);
  label = (by: string, label: string) => this.ground.desk().label(by, this.iid, label);
  comment = (by: string, text: string) => this.ground.desk().comment(by, this.iid, text);
  comments = async (): Promise<string[]> =>
    (await this.ground.desk().notes(this.iid)).filter(({ system }) => !system).map(({ body }) => body);
  /** Of the text below daytwo's block. */
  edit = async (by: string, change: (text: string) => string): Promise<void> => {
    const { description } = await this.issue();
    const changed = change(description);
    if (changed === description) throw new Error('this edit changes nothing');
    await this.write(by, changed);
  };
}
