import { resolve } from 'node:path';
import { approveTemplate, formatProblems, loadHandbook } from '../handbook';
import { jsonLine, type Spoken, type Surroundings } from './surroundings';
import { onCalendar, plural, shortDigest } from './words';

/** The handbook's folder: as given, else as the environment says, else `config`. */
export const folder = (given: string | undefined, around: Pick<Surroundings, 'env'>): string =>
  resolve(given ?? (around.env['DAYTWO_CONFIG_DIR'] || 'config'));

/** `daytwo config check [dir]` */
export function checkConfig(dir: string | undefined, { json }: Spoken, around: Surroundings): number {
  const where = folder(dir, around);
  const loaded = loadHandbook(where);
  if (json) {
    around.out(
      jsonLine(
        loaded.ok
          ? { ok: true, dir: where, digest: loaded.handbook.digest, warnings: loaded.warnings }
          : { ok: false, dir: where, problems: loaded.problems },
      ),
    );
    return loaded.ok ? 0 : 1;
  }
  if (!loaded.ok) {
    around.err(formatProblems(loaded.problems).trimEnd());
    around.err(
      `\n${around.colours.red(plural(loaded.problems.length, 'problem'))} in ${where}. A worker keeps the handbook that passed last.`,
    );
    return 1;
  }
  if (loaded.warnings.length > 0) around.err(`${formatProblems(loaded.warnings).trimEnd()}\n`);
  const { systems, templates, people } = loaded.handbook;
  const warned =
    loaded.warnings.length > 0 ? `, ${around.colours.yellow(plural(loaded.warnings.length, 'warning'))}` : '';
  around.out(
    `${around.colours.green('No problem')}${warned} in ${where}: ${plural(systems.length, 'system')}, ${plural(templates.length, 'role template')}, ${people.members.length} people.`,
  );
  return 0;
}

/** `daytwo config approve <file> --by <username>` */
export function approveConfig(
  file: string,
  options: Spoken & { readonly by: string; readonly dir?: string },
  around: Surroundings,
): number {
  const approved = approveTemplate(
    folder(options.dir, around),
    file,
    options.by.replace(/^@/, ''),
    onCalendar(around.now(), around.zone),
  );
  if (options.json) around.out(jsonLine(approved));
  else if (!approved.ok) around.err(formatProblems(approved.problems).trimEnd());
  else if (approved.changed)
    around.out(
      `${approved.path} is approved as it stands, by ${approved.by.join(', ')} (${shortDigest(approved.digest)}). Commit the file.`,
    );
  else
    around.out(
      `${approved.path} was approved by ${options.by.replace(/^@/, '')} already; nothing was changed.`,
    );
  return approved.ok ? 0 : 1;
}
