import { createTwoFilesPatch } from 'diff';
import { renderTemplate } from '../domain/form-template';
import { formatProblems, loadHandbook } from '../handbook';
import { valueOf } from '../settings-reading';
import { GitlabDesk, GitlabRefusal } from '../systems/gitlab';
import { whatFor } from '../variables';
import { folder } from './config';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { plural } from './words';

const FOLDER = '.gitlab/issue_templates';
const MESSAGE = 'Publish the issue templates of the handbook';

export interface PublishOptions extends Spoken {
  readonly yes?: boolean;
  readonly dir?: string;
}

/** A template as the handbook has it, and as it stands in the project. */
interface Published {
  readonly path: string;
  readonly text: string;
  /** Undefined where the project has no such file yet. */
  readonly before: string | undefined;
}

/**
 * `daytwo config publish`: shows how the project's issue templates differ from the handbook's, and writes those that do, in one
 * commit, if it may. Files of the project that the handbook doesn't know stay as they are.
 *
 * @returns 0 if the project is as the handbook says, 1 if it differs still
 */
export async function publishConfig(options: PublishOptions, around: Surroundings): Promise<number> {
  const loaded = loadHandbook(folder(options.dir, around));
  if (!loaded.ok) throw new Refused(formatProblems(loaded.problems).trimEnd(), { problems: loaded.problems });
  const { desk, project } = connect(around);
  const templates = await Promise.all(
    loaded.handbook.issueTemplates.map(async ({ file, text }): Promise<Published> => {
      const path = `${FOLDER}/${file}`;
      return { path, text: renderTemplate(text, loaded.handbook), before: await desk.file(project, path) };
    }),
  );
  const differing = templates.filter(({ text, before }) => text !== before);
  if (!options.json) tell(differing, project, around);
  const may = differing.length > 0 && (options.yes === true || (!options.json && (await says(around))));
  if (may) await write(desk, project, differing);
  if (options.json) around.out(jsonLine(asDocument(project, templates, may)));
  else if (may)
    around.out(`${around.colours.green('Published')} ${plural(differing.length, 'file')} in one commit.`);
  else if (differing.length > 0) around.err('Nothing was changed. --yes publishes it.');
  return may || differing.length === 0 ? 0 : 1;
}

const NEEDED = ['GITLAB_URL', 'GITLAB_TOKEN', 'GITLAB_ACCESS_REQUESTS_PROJECT'] as const;

function connect(around: Surroundings): { desk: GitlabDesk; project: string } {
  const [url, token, project] = NEEDED.map((name) => valueOf(around.env, name));
  if (url !== undefined && token !== undefined && project !== undefined)
    return { desk: new GitlabDesk({ url, token }), project };
  const missing = NEEDED.filter((name) => valueOf(around.env, name) === undefined);
  throw new Refused(
    missing.map((name) => `${name} is missing: ${whatFor(name).whatFor} (${whatFor(name).from}).`).join('\n'),
  );
}

async function says(around: Surroundings): Promise<boolean> {
  const answer = await around.ask('Publish this? [y/N] ');
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

async function write(desk: GitlabDesk, project: string, files: readonly Published[]): Promise<void> {
  try {
    await desk.commitFiles(
      project,
      MESSAGE,
      files.map(({ path, text, before }) => ({ path, text, there: before !== undefined })),
    );
  } catch (error) {
    if (!(error instanceof GitlabRefusal)) throw error;
    const why: Readonly<Record<number, string>> = {
      400: 'the files changed meanwhile, or its default branch is protected: call it again, or ask a maintainer',
      403: 'the owner of GITLAB_TOKEN may not write to its repository: give it the role Developer or higher',
      404: 'GITLAB_ACCESS_REQUESTS_PROJECT names no project that GITLAB_TOKEN may see',
    };
    throw new Refused(`GitLab refuses the commit (${error.status}): ${why[error.status] ?? 'see its log'}.`);
  }
}

function tell(differing: readonly Published[], project: string, around: Surroundings): void {
  const { colours } = around;
  if (differing.length === 0) {
    around.out(
      `${colours.green('Nothing to do:')} the issue templates of ${project} are as the handbook says.`,
    );
    return;
  }
  for (const line of differing.flatMap((one) => patchOf(one).split('\n'))) {
    const paint = line.startsWith('+') ? colours.green : line.startsWith('-') ? colours.red : colours.dim;
    around.out(line.startsWith(' ') ? visible(line) : paint(visible(line)));
  }
}

const patchOf = ({ path, before, text }: Published): string =>
  createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${path}`,
    `b/${path}`,
    before ?? '',
    text,
  ).trimEnd();

/** What stands in the project may hold anything; on a terminal it is shown, and does nothing. */
const visible = (line: string): string =>
  line.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16) ?? ''}}`);

const asDocument = (project: string, templates: readonly Published[], published: boolean): object => ({
  project,
  published,
  files: templates.map((one) => ({
    path: one.path,
    change: one.before === undefined ? 'new' : one.before === one.text ? 'none' : 'changed',
    ...(one.before === one.text ? {} : { diff: patchOf(one) }),
  })),
});
