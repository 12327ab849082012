import { changeMarker } from '../../domain/close/change-text';
import { lettersMarker } from '../../domain/close/letters';
import { overdueMarker } from '../../domain/close/overdue';
import type { CloseStatus } from '../../domain/close/status';
import { closeMark, periodMarker, taskMarker } from '../../domain/close/text';
import { isMarked } from '../../domain/request-text';
import type { DeskIssue } from '../../systems/gitlab';
import { closeId, type Workflows } from '../../temporal/client';
import type { Patience } from '../patience';
import type { Surroundings } from '../surroundings';
import type { Telling } from '../telling';
import { isTicked, tick } from '../tick';

export interface CloseWatching {
  readonly around: Surroundings;
  readonly patience: Patience;
  readonly telling: Telling;
  readonly workflows: Workflows;
}

/** The period's own issue, its letters, its list of what is overdue; of a task, or of a change after the lock. */
export type IssueOfClose =
  'period' | 'letters' | 'overdue' | { readonly task: string } | { readonly change: number };

function markerOf(period: string, of: IssueOfClose): string {
  if (of === 'period') return periodMarker(period);
  if (of === 'letters') return lettersMarker(period);
  if (of === 'overdue') return overdueMarker(period);
  return 'task' in of ? taskMarker(period, of.task) : changeMarker({ period, n: of.change });
}

const nameOf = (of: IssueOfClose): string =>
  typeof of === 'string' ? of : 'task' in of ? of.task : `change ${of.change}`;

/** The issues of one close, as people see them and act on them with their own tokens. */
export class CloseDesk {
  /** The day in the play, for its lines. */
  today = '';

  constructor(
    private readonly watching: CloseWatching,
    readonly period: string,
    /** Whose token looks. */
    private readonly eyes: string,
  ) {}

  tell(who: string, what: string, link?: string): void {
    this.watching.telling.step({ hire: this.today, who, what, link });
  }

  async status(): Promise<CloseStatus | undefined> {
    const handle = this.watching.workflows.client.workflow.getHandle(closeId(this.period));
    return handle.query<CloseStatus>('status');
  }

  /** Looks until the close is so. */
  until(what: string, holds: (status: CloseStatus) => boolean): Promise<CloseStatus> {
    return this.watching.patience.until(what, async () => {
      const status = await this.status();
      return status && holds(status) ? status : undefined;
    });
  }

  /** The process reads its issues again: what a webhook does, and the desk watch where one is lost. */
  async hint(): Promise<void> {
    const { iid } = await this.issue();
    await this.watching.workflows.issueChanged(closeId(this.period), { project: this.#project, iid });
  }

  /** The issue of the period itself, or another one of its close. */
  issue(of: IssueOfClose = 'period'): Promise<DeskIssue> {
    const marker = markerOf(this.period, of);
    return this.watching.patience.until(`the issue of ${nameOf(of)}`, async () => {
      const found = await this.watching.around.as(this.eyes).byMarker(closeMark(this.period), this.#project);
      return found.find(({ description }) => isMarked(description, marker));
    });
  }

  /** Somebody ticks a box through GitLab's API, again where daytwo wrote in between; then it is waited for what follows. */
  async tick(
    who: string,
    of: IssueOfClose,
    text: string,
    then: { readonly what: string; readonly holds: (issue: DeskIssue, notes: readonly string[]) => boolean },
  ): Promise<void> {
    const desk = this.watching.around.as(who);
    const { iid, webUrl } = await this.issue(of);
    let told = false;
    await this.watching.patience.until(`${who} to tick "${text}", and ${then.what}`, async () => {
      const issue = await desk.issue(this.#project, iid);
      if (!issue) return undefined;
      const notes = (await desk.notes(this.#project, iid)).map(({ body }) => body);
      if (told && then.holds(issue, notes)) return true;
      const description = told && isTicked(issue.description, text) ? null : tick(issue.description, text);
      if (description === null) return undefined;
      await desk.change(this.#project, iid, { description });
      if (!told) this.tell(who, `ticks "${text}"${of === 'period' ? '' : ` of ${nameOf(of)}`}`, webUrl);
      told = true;
      return undefined;
    });
  }

  /** Looks at the notes of an issue until they are so. */
  notesOf(iid: number, what: string, holds: (notes: readonly string[]) => boolean): Promise<true> {
    return this.watching.patience.until(what, async () => {
      const notes = await this.watching.around.as(this.eyes).notes(this.#project, iid);
      return holds(notes.map(({ body }) => body)) ? (true as const) : undefined;
    });
  }

  get #project(): string {
    return this.watching.around.sandbox.gitlab.accessRequestsProject;
  }
}
