import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, tell, type Anchor, type ChainedRow, type Store, type StoryFilter } from '../evidence';
import { readSettings } from '../settings';
import { readObject, type Named } from './objects';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { isZone, plural } from './words';

const PAGE = 1000;

export interface StoryOptions extends Spoken {
  readonly zone?: string;
}

/** `daytwo evidence show <person|request>` */
export function showEvidence(object: string, options: StoryOptions, around: Surroundings): Promise<number> {
  const zone = options.zone ?? around.zone;
  if (!isZone(zone))
    throw new WrongUsage(`--zone ${zone} is not a zone of the tz database, such as Europe/Berlin.`);
  return withStore(around, async (store, { project, gitlabUrl }) => {
    const rows = await storyOf(readObject(object, gitlabUrl), store, project);
    if (options.json) for (const row of rows) around.out(jsonLine(row));
    else around.out(tell(rows, zone));
    return 0;
  });
}

/** `daytwo evidence verify` */
export function verifyEvidence(
  options: Spoken & { readonly anchor?: string },
  around: Surroundings,
): Promise<number> {
  const anchor = options.anchor === undefined ? undefined : anchorOf(options.anchor);
  return withStore(around, async (store) => {
    const verdict = await store.verify(anchor);
    if (options.json) around.out(jsonLine(verdict));
    else if (verdict.ok) {
      around.out(
        `${around.colours.green('Whole:')} ${plural(verdict.rows, 'record')}, each as it was written.`,
      );
      around.out(`Anchor: ${verdict.rows}:${verdict.hash}`);
      around.out(
        around.colours.dim(
          'Keep the anchor elsewhere: with --anchor it shows even a chain that was written anew as a whole.',
        ),
      );
    } else
      around.err(
        `${around.colours.red('Not whole:')} record ${verdict.firstBad.seq} was ${verdict.firstBad.why}. It is the first one; those after it can't be judged.`,
      );
    return verdict.ok ? 0 : 1;
  });
}

/** `daytwo evidence export` */
export function exportEvidence(since: number, around: Surroundings): Promise<number> {
  return withStore(around, async (store) => {
    for (let after = since; ;) {
      const rows = await store.storedAfter(after, PAGE);
      for (const row of rows) around.out(jsonLine(row));
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return 0;
      after = last.seq;
    }
  });
}

function anchorOf(text: string): Anchor {
  const [, rows, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!rows || !hash)
    throw new WrongUsage(
      '--anchor takes what an earlier `daytwo evidence verify` printed: <records>:<64 hex digits>.',
    );
  return { rows: Number(rows), hash };
}

/** The evidence that is there, and which GitLab it speaks of. @throws Refused where there is none */
export async function withStore(
  around: Surroundings,
  work: (store: Store, where: { project: string | null; gitlabUrl: string | null }) => Promise<number>,
): Promise<number> {
  const settings = readSettings(around.env, 'cli');
  if (settings.databaseUrl === null && !existsSync(join(settings.stateDir, 'daytwo.db'))) {
    throw new Refused(
      `There is no evidence in ${settings.stateDir}. DAYTWO_STATE_DIR or DATABASE_URL say where it is.`,
    );
  }
  const store = await openStore(settings);
  try {
    return await work(store, {
      project: settings.gitlab.accessRequestsProject,
      gitlabUrl: settings.gitlab.url,
    });
  } finally {
    await store.close();
  }
}

/** The rows of the person or request that is meant. @throws Refused where there are none, or two answers */
export async function storyOf(
  named: Named,
  store: Pick<Store, 'story'>,
  project: string | null,
): Promise<readonly ChainedRow[]> {
  const filters = filtersOf(named, project);
  const stories = await Promise.all(
    filters.map(async (filter) => ({ filter, rows: await store.story(filter) })),
  );
  const told = stories.filter(({ rows }) => rows.length > 0);
  const [first, second] = told;
  if (first && second)
    throw new Refused(
      `That is both ${inWords(first.filter)} and ${inWords(second.filter)}. Say ${second.filter.request ?? first.filter.request} for the request, or the e-mail for the person.`,
    );
  if (!first) throw new Refused(`Nothing is recorded. Looked for ${filters.map(inWords).join(', and ')}.`);
  return first.rows;
}

function filtersOf(named: Named, project: string | null): StoryFilter[] {
  const ofProject = (iid: number | string): StoryFilter[] =>
    project === null ? [] : [{ request: `${project}#${iid}` }];
  switch (named.kind) {
    case 'issue':
      return [{ request: `${named.project}#${named.iid}` }];
    case 'iid':
      if (project === null)
        throw new Refused('Which project? GITLAB_ACCESS_REQUESTS_PROJECT is not set; say project#iid.');
      return ofProject(named.iid);
    case 'number':
      return [{ employeeId: named.digits }, ...ofProject(named.digits)];
    case 'e-mail':
      return [{ email: named.email }];
    case 'employee':
      return [{ employeeId: named.employeeId }];
    case 'workflow': {
      const [, kind, rest] = /^([\w-]+)\/(.+)$/.exec(named.workflowId) ?? [];
      if ((kind === 'onboarding' || kind === 'offboarding') && rest) return [{ employeeId: rest }];
      return [{ request: (rest ?? '').replace(/\/(\d+)$/, '#$1') }];
    }
  }
}

function inWords(filter: StoryFilter): string {
  if (filter.request !== undefined) return `the request ${filter.request}`;
  return filter.email === undefined ? `employee ${filter.employeeId}` : 'a person with this e-mail address';
}
