import { Gitlab } from '@gitbeaker/rest';
import { SystemFault } from '../fault';
import type { Pace } from '../pace';
import { carefulRequester, GitlabRefusal } from './requester';
import {
  issueOf,
  labelEventOf,
  noteOf,
  stateEventOf,
  userStatusOf,
  type DeskIssue,
  type DeskLabelEvent,
  type DeskNote,
  type DeskUser,
  type DeskUserStatus,
} from './shapes';
import { readUpload, UPLOAD, type Attachment } from './upload';

export { GitlabRefusal } from './requester';
export type { Attachment } from './upload';
export type { DeskIssue, DeskLabelEvent, DeskNote, DeskUser, DeskUserStatus } from './shapes';

const PAGE = 100;
/** Access level: https://docs.gitlab.com/api/members/#roles */
const GUEST = 10;
/** For so long a user who was found is not asked for again. */
const KNOWN_MS = 300_000;
/** Nor one who was not found, within one visit: they may get their account any moment. */
const UNKNOWN_MS = 5_000;
/** Beyond so many the memory begins anew. */
const MOST_KNOWN = 5_000;

export interface NewIssue {
  readonly title: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly confidential: boolean;
}

/** The smallest change to an issue: absent means untouched. */
export interface IssueChange {
  readonly description?: string;
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
  readonly assigneeIds?: readonly number[];
  readonly confidential?: boolean;
  readonly stateEvent?: 'close' | 'reopen';
}

/** A file of a repository as it is to be. */
export interface FileChange {
  readonly path: string;
  readonly text: string;
  /** It is there already, and is changed. */
  readonly there: boolean;
}

export interface GitlabSettings {
  readonly url: string;
  readonly token: string;
  /** Holds all workers together to GitLab's rate. */
  readonly pace?: Pace | undefined;
}

/** What daytwo asks of GitLab. Each call is one request, sent once; a missing issue is `undefined`, never a fault. */
export class GitlabDesk {
  readonly #api: InstanceType<typeof Gitlab>;
  readonly #settings: GitlabSettings;
  #self: Promise<DeskUser> | undefined;
  readonly #users = new Map<string, { readonly user: DeskUser | undefined; readonly until: number }>();

  constructor(settings: GitlabSettings) {
    this.#settings = settings;
    this.#api = new Gitlab({
      host: settings.url,
      token: settings.token,
      requesterFn: carefulRequester(settings.pace),
    });
  }

  /** The user whose token this is: what it does is no person's doing. */
  self(): Promise<DeskUser> {
    this.#self ??= this.#ask(async () => {
      const me = await this.#api.Users.showCurrentUser();
      return { id: me.id, username: me.username };
    }).catch((error: unknown) => {
      this.#self = undefined;
      throw error;
    });
    return this.#self;
  }

  issue(project: string, iid: number): Promise<DeskIssue | undefined> {
    return this.#maybe(async () => issueOf(await this.#api.Issues.show(iid, { projectId: project })));
  }

  /** Issues whose description holds `marker`, oldest first. Without a project: everywhere that the token may look. */
  async byMarker(marker: string, project?: string): Promise<readonly DeskIssue[]> {
    const found = await this.#all(issueOf, () =>
      this.#api.Issues.all({
        ...(project === undefined ? {} : { projectId: project }),
        search: marker,
        in: 'description',
        scope: 'all',
        orderBy: 'created_at',
        sort: 'asc',
      }),
    );
    return found.filter((issue) => issue.description.includes(marker));
  }

  /**
   * Issues that moved since an instant, oldest change first, page by page: there may be more than a worker should hold. Each
   * page asks for what moved since the last one that was read: an issue that moves meanwhile would shift numbered pages, and
   * one at their border would be missed. What moves while they are read comes once more at the end.
   */
  async *changedSince(project: string, since: string): AsyncGenerator<readonly DeskIssue[], void, void> {
    let before: readonly DeskIssue[] = [];
    for (let from = since, numbered = 1; ;) {
      const page = await this.#all(issueOf, () =>
        this.#api.Issues.all({
          projectId: project,
          updatedAfter: from,
          scope: 'all',
          orderBy: 'updated_at',
          sort: 'asc',
          perPage: PAGE,
          page: numbered,
        }),
      );
      // A page begins with the last of the one before.
      const isKnown = ({ iid, updatedAt }: DeskIssue): boolean =>
        before.some((one) => one.iid === iid && one.updatedAt === updatedAt);
      yield page.filter((issue) => !isKnown(issue));
      if (page.length < PAGE) return;
      // A whole page that moved at one instant can only be gone through by number.
      const last = page.at(-1)?.updatedAt ?? from;
      numbered = last === from ? numbered + 1 : 1;
      from = last;
      before = page;
    }
  }

  create(project: string, issue: NewIssue): Promise<DeskIssue> {
    return this.#ask(async () =>
      issueOf(
        await this.#api.Issues.create(project, issue.title, {
          description: issue.description,
          labels: issue.labels.join(','),
          confidential: issue.confidential,
        }),
      ),
    );
  }

  change(project: string, iid: number, change: IssueChange): Promise<DeskIssue> {
    return this.#ask(async () =>
      issueOf(
        await this.#api.Issues.edit(project, iid, {
          ...(change.description === undefined ? {} : { description: change.description }),
          ...(change.addLabels?.length ? { addLabels: change.addLabels.join(',') } : {}),
          ...(change.removeLabels?.length ? { removeLabels: change.removeLabels.join(',') } : {}),
          ...(change.assigneeIds === undefined
            ? {}
            : { assigneeIds: change.assigneeIds.length ? [...change.assigneeIds] : [0] }),
          ...(change.confidential === undefined ? {} : { confidential: change.confidential }),
          ...(change.stateEvent === undefined ? {} : { stateEvent: change.stateEvent }),
        }),
      ),
    );
  }

  notes(project: string, iid: number): Promise<readonly DeskNote[]> {
    return this.#all(noteOf, () =>
      this.#api.IssueNotes.all(project, iid, { sort: 'asc', orderBy: 'created_at', perPage: 100 }),
    );
  }

  async comment(project: string, iid: number, body: string): Promise<void> {
    await this.#ask(() => this.#api.IssueNotes.create(project, iid, body));
  }

  async labelEvents(project: string, iid: number): Promise<readonly DeskLabelEvent[]> {
    const events = await this.#all(labelEventOf, () =>
      this.#api.IssueLabelEvents.all(project, iid, { perPage: 100 }),
    );
    return events.flat();
  }

  /** Who closed an issue last, and when. */
  async closedBy(project: string, iid: number): Promise<{ user: string; at: string; id: number } | null> {
    const events = await this.#all(stateEventOf, () =>
      this.#api.IssueStateEvents.all(project, iid, { perPage: 100 }),
    );
    const last = events.filter((event) => event.state === 'closed').at(-1);
    return last ? { user: last.user, at: last.at, id: last.id } : null;
  }

  /** Links two issues both ways; linking them again changes nothing. */
  async link(project: string, iid: number, otherProject: string, otherIid: number): Promise<void> {
    try {
      await this.#ask(() => this.#api.IssueLinks.create(project, iid, otherProject, otherIid));
    } catch (error) {
      if (!(error instanceof GitlabRefusal) || error.status !== 409) throw error;
    }
  }

  /** Known for some minutes once they were found: who acts on one request acts on many. */
  userByName(username: string): Promise<DeskUser | undefined> {
    return this.#known(`name:${username.toLowerCase()}`, () => this.#findByName(username));
  }

  async #findByName(username: string): Promise<DeskUser | undefined> {
    const users = await this.#ask(() => this.#api.Users.all({ username }));
    const user = users.find((candidate) => candidate.username.toLowerCase() === username.toLowerCase());
    return user && { id: user.id, username: user.username };
  }

  /** By the exact e-mail address, which GitLab finds for those who may see it. */
  userByEmail(email: string): Promise<DeskUser | undefined> {
    return this.#known(`mail:${email.toLowerCase()}`, () => this.#findByEmail(email));
  }

  async #findByEmail(email: string): Promise<DeskUser | undefined> {
    const users = await this.#ask(() => this.#api.Users.all({ search: email }));
    const only = users.length === 1 ? users[0] : undefined;
    return only && { id: only.id, username: only.username };
  }

  /** Whether somebody sees the confidential issues of a project: its members do, but for guests. */
  async seesConfidential(project: string, username: string): Promise<boolean> {
    const members = await this.#ask(() =>
      this.#api.ProjectMembers.all(project, { includeInherited: true, query: username }),
    );
    return members.some(
      (member) =>
        String(member.username).toLowerCase() === username.toLowerCase() &&
        Number(member.access_level) > GUEST,
    );
  }

  /** The address of a user, where GitLab shows it to this token. */
  async emailOf(username: string): Promise<string | undefined> {
    const users = await this.#ask(() => this.#api.Users.all({ username }));
    const user = users.find((one) => one.username.toLowerCase() === username.toLowerCase());
    const { email, public_email: shown } = (user ?? {}) as { email?: unknown; public_email?: unknown };
    const found = [email, shown].find((one) => typeof one === 'string' && one.includes('@'));
    return typeof found === 'string' ? found : undefined;
  }

  /** A file of the default branch; undefined where there is none, or no such project. */
  file(project: string, path: string): Promise<string | undefined> {
    return this.#maybe(async () => {
      const file = await this.#api.RepositoryFiles.show(project, path, 'HEAD');
      return Buffer.from(file.content, 'base64').toString('utf8');
    });
  }

  /** Writes files of the default branch in one commit. */
  async commitFiles(project: string, message: string, files: readonly FileChange[]): Promise<void> {
    const shown = await this.#ask(() => this.#api.Projects.show(project));
    const branch = typeof shown.default_branch === 'string' ? shown.default_branch : 'main';
    const actions = files.map(({ path, text, there }) => ({
      action: there ? ('update' as const) : ('create' as const),
      filePath: path,
      content: text,
    }));
    await this.#ask(() => this.#api.Commits.create(project, branch, message, actions));
  }

  /** Attaches a file to the project, for a link in an issue. @returns its path there: `/uploads/<secret>/<file>` */
  async attach(project: string, filename: string, content: Blob): Promise<string> {
    const { url } = await this.#ask(() =>
      this.#api.Projects.uploadForReference(project, { filename, content }),
    );
    if (typeof url !== 'string' || !UPLOAD.test(url))
      throw new SystemFault('gitlab', 'no-path', false, 'an attached file came to no path');
    return url;
  }

  /** A file that is attached to an issue of the project, by the path in its link: `/uploads/<secret>/<file>`. */
  upload(project: string, path: string): Promise<Attachment> {
    return readUpload(this.#settings, project, path);
  }

  /** What somebody shows as their status; undefined where GitLab knows nobody of that name. */
  userStatus(username: string): Promise<DeskUserStatus | undefined> {
    return this.#maybe(async () =>
      userStatusOf(await this.#api.Users.showStatus({ iDOrUsername: username })),
    );
  }

  async #known(key: string, find: () => Promise<DeskUser | undefined>): Promise<DeskUser | undefined> {
    const known = this.#users.get(key);
    if (known && known.until > Date.now()) return known.user;
    this.#users.delete(key);
    const user = await find();
    if (this.#users.size >= MOST_KNOWN) this.#users.clear();
    this.#users.set(key, { user, until: Date.now() + (user ? KNOWN_MS : UNKNOWN_MS) });
    return user;
  }

  async #maybe<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#ask(call);
    } catch (error) {
      if (error instanceof GitlabRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Every page of a list, under daytwo's names; an answer that is no list is a fault like any other. */
  #all<T>(shape: (row: object) => T, call: () => Promise<readonly object[]>): Promise<readonly T[]> {
    return this.#ask(async () => (await call()).map((row) => shape(row)));
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof SystemFault || error instanceof GitlabRefusal) throw error;
      throw new SystemFault(
        'gitlab',
        'client',
        false,
        error instanceof Error ? error.name : 'unknown',
        undefined,
        { cause: error },
      );
    }
  }
}
