import type { Task } from '../domain/access-request';
import { WAITING_ON_LICENCE } from '../domain/labels';
import type { DeskIssue, GitlabDesk } from '../systems/gitlab';
import { accessSeen, type Accounts } from './accounts';
import { newsOf, type Sight } from './news';
import { Hopeless, type Patience } from './patience';
import type { Telling } from './telling';

/** What it takes to follow one newcomer's issues. */
export interface Watching {
  readonly patience: Patience;
  readonly telling: Telling;
  readonly accounts: Accounts;
  /** GitLab as somebody sees it who may see the issue. */
  readonly eyes: GitlabDesk;
  readonly as: (username: string) => GitlabDesk;
}

/** An issue that is looked at until it shows something; what daytwo did meanwhile is told. */
export class IssueWatch {
  #last: Sight | null = null;

  constructor(
    private readonly watching: Watching,
    private readonly hire: { readonly name: string; readonly email: string },
    private readonly issue: DeskIssue,
    private readonly project: string,
    private readonly tasks: readonly Task[],
    /** It is part of the story that no seat is free. */
    private readonly mayWaitForSeat = false,
  ) {}

  /** Looks until `shows` holds. @throws WaitedInVain, Hopeless */
  until(what: string, shows: (sight: Sight) => boolean): Promise<Sight> {
    const whole = `${this.hire.name}: ${what}`;
    return this.watching.patience.until(whole, async () => {
      const sight = await this.#look();
      if (shows(sight)) return sight;
      if (!this.mayWaitForSeat && sight.issue.labels.includes(WAITING_ON_LICENCE))
        throw new Hopeless(
          `${this.hire.name}: no licence is free in the sandbox's Salesforce (--fresh begins anew), so not ${what}`,
        );
      return undefined;
    });
  }

  /** Lets a person act through GitLab's API with their own token, again where no answer came, and tells it. */
  async act(
    username: string,
    what: string,
    deed: (desk: GitlabDesk, issue: DeskIssue) => Promise<unknown>,
  ): Promise<void> {
    const desk = this.watching.as(username);
    await this.watching.patience.until(`${this.hire.name}: ${username} ${what}`, async () => {
      const issue = await desk.issue(this.project, this.issue.iid);
      if (!issue) throw new Error('the issue is not there');
      await deed(desk, issue);
      return true;
    });
    this.watching.telling.step({ hire: this.hire.name, who: username, what, link: this.issue.webUrl });
  }

  async #look(): Promise<Sight> {
    const { eyes } = this.watching;
    const issue = await eyes.issue(this.project, this.issue.iid);
    if (!issue) throw new Error('the issue is not there');
    if (this.#last?.issue.updatedAt === issue.updatedAt) return this.#last;
    const [notes, labelEvents] = await Promise.all([
      eyes.notes(this.project, issue.iid),
      eyes.labelEvents(this.project, issue.iid),
    ]);
    const sight = { issue, notes, labelEvents };
    await this.#tell(sight);
    this.#last = sight;
    return sight;
  }

  async #tell(sight: Sight): Promise<void> {
    const { accounts, telling } = this.watching;
    const bot = this.issue.author;
    const news = newsOf(this.#last, sight, this.tasks, bot);
    const seen = news.some(({ kind }) => kind === 'granted') ? await accounts.of(this.hire.email) : undefined;
    for (const one of news) {
      const what = one.kind === 'did' ? one.what : granted(one.task, seen && accessSeen(one.task, seen));
      telling.step({ hire: this.hire.name, who: 'daytwo', what, link: this.issue.webUrl });
    }
  }
}

/** What the system itself shows stands behind what daytwo did: it was read there just now, not taken from the issue. */
function granted(task: Task, seen: ReturnType<typeof accessSeen> | undefined): string {
  const shown = seen === undefined ? '' : 'there' in seen ? `: ${seen.there}` : `, but ${seen.missing}`;
  return `granted ${task.name}${shown}`;
}
