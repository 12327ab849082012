import { editedSince, type TerritoryRun } from '../domain/territory/run';
import { userNameOf, type World } from './world';

/** The folder of rules and tables. */
const FOLDER = 'territory';
/** An address that GitLab gives to who hides theirs says the user name: `1234-meri@users.noreply.gitlab.com`. */
const HIDDEN = /^\d+-([a-z0-9_][a-z0-9_.-]*)@users\.noreply\./;

/**
 * Who edited rules and tables since the last run that was written, as far as it is known: "who edited the tables does not approve what
 * comes of them". Never the addresses: user names only.
 */
export async function editorsFor(
  world: Pick<World, 'handbook' | 'gitlab' | 'store' | 'edits'>,
  rulesVersion: string,
): Promise<Pick<TerritoryRun, 'editors' | 'editorsNotKnown' | 'tablesAt'>> {
  const since = await editedSince(world.store.territoryRuns.standing(), rulesVersion);
  const edits = (await world.edits?.(FOLDER, since)) ?? {
    at: null,
    authors: null,
    why: 'nothing tells the history of the configuration',
  };
  if (edits.authors === null) return { editors: [], editorsNotKnown: edits.why, tablesAt: edits.at };
  const names = await Promise.all(
    edits.authors.map(async (email) => HIDDEN.exec(email)?.[1] ?? (await userNameOf(world, email))),
  );
  const strangers = names.filter((name) => name === null).length;
  return {
    editors: [...new Set(names.filter((name) => name !== null))].sort(),
    editorsNotKnown:
      strangers === 0 ? null : `${strangers} of its authors are nobody whom people.yml or GitLab knows`,
    tablesAt: edits.at,
  };
}
