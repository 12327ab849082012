import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { loadHandbook } from './load';

/** Who edited a folder of `config/`, as its git history says. */
export type Edits =
  | {
      /** The commit that the folder stands at. */
      readonly at: string;
      /** Addresses of the authors since the commit that was asked for, each once, in lower case; null: why isn't known. */
      readonly authors: readonly string[] | null;
      readonly why: string | null;
    }
  | { readonly at: null; readonly authors: null; readonly why: string };

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** A co-author, in a trailer of the message: `Name <address>`. */
const ADDRESS = /<([^<>\s]+@[^<>\s]+)>/;

const notKnown = (why: string): Edits => ({ at: null, authors: null, why });

/**
 * Who edited a folder since a commit: the authors and co-authors of all commits that touch it. Reads only: no shell, no hook, no pager,
 * no network, and nothing of git's environment. It is known only where the folder stands as it was committed.
 *
 * @param dir the configuration folder
 * @param folder of it, such as `territory`
 * @param since the commit from which to look; null: no such is known
 */
export async function editsOf(dir: string, folder: string, since: string | null): Promise<Edits> {
  const git = reader(dir);
  const head = await git('rev-parse', '--verify', 'HEAD^{commit}');
  const at = head?.trim() ?? '';
  if (!COMMIT.test(at)) return notKnown('the configuration is no git checkout that can be read');
  const changed = await git(
    'status',
    '--porcelain',
    '-z',
    '--ignored',
    '--untracked-files=all',
    '--',
    folder,
  );
  const tracked = await git('ls-files', '-z', '--', folder);
  if (changed === null || !tracked) return notKnown('git knows no such files of the configuration');
  if (changed.split('\0').some(isOfHandbook)) return notKnown('files were changed and not committed');
  const unknown = (why: string): Edits => ({ at, authors: null, why });
  if (since === null) return unknown('no run before it that was written and says by which commit');
  if (!COMMIT.test(since) || (await git('merge-base', '--is-ancestor', since, at)) === null)
    return unknown('the commit of the run before it is not in the history');
  // Of a shallow clone, the commits between may be cut off.
  if (since !== at && (await git('rev-parse', '--is-shallow-repository'))?.trim() !== 'false')
    return unknown('the checkout has a part of the history only');
  const format = '--format=%ae%n%(trailers:key=Co-authored-by,valueonly,unfold)';
  const said = await git('log', '--full-history', format, `${since}..${at}`, '--', folder);
  if (said === null) return unknown('the history can not be read');
  return { at, authors: authorsIn(said), why: null };
}

/** The same of the handbook that is in force: where the files say something else by now, it isn't known who edited what it says. */
export async function editsInForce(
  dir: string,
  { digest }: { readonly digest: string },
  folder: string,
  since: string | null,
): Promise<Edits> {
  const result = loadHandbook(dir);
  return result.ok && result.handbook.digest === digest
    ? editsOf(dir, folder, since)
    : notKnown('the files are not those that are in force');
}

/** Each line an author's address, or a co-author with theirs. */
function authorsIn(said: string): readonly string[] {
  const lines = said.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  return [...new Set(lines.map((line) => (ADDRESS.exec(line)?.[1] ?? line).toLowerCase()))].sort();
}

/** `XY path`, or the path alone that a file had before; what editors hide isn't read by anybody. */
function isOfHandbook(line: string): boolean {
  const name = line.split('/').at(-1) ?? '';
  return line !== '' && !/^(?:.. )?\./.test(name) && !name.endsWith('~');
}

/** What git answers; null where it fails, is not there, or takes too long. */
const reader =
  (dir: string) =>
  async (...args: readonly string[]): Promise<string | null> => {
    const { PATH, HOME } = process.env;
    const settings = ['core.fsmonitor=false', 'log.showSignature=false'];
    try {
      const { stdout } = await run(
        'git',
        ['--no-pager', '--literal-pathspecs', '-C', dir, ...settings.flatMap((one) => ['-c', one]), ...args],
        {
          env: { PATH, HOME, GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' },
          timeout: TIMEOUT_MS,
          maxBuffer: 4 << 20,
        },
      );
      return stdout;
    } catch {
      return null;
    }
  };
