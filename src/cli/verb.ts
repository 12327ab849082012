import { Option, type Command } from 'commander';

const example = (text: string): string => `\nExample: ${text}`;
const json = (): Option => new Option('--json', 'one JSON document, or one line a record');

/** One verb of the command, with what each has: `--json`, and an example. */
export function verb(parent: Command, usage: string, summary: string, shown: string, more = ''): Command {
  return parent
    .command(usage)
    .summary(summary)
    .description(summary)
    .addOption(json())
    .addHelpText('after', `${more ? `\n${more}\n` : ''}${example(shown)}`);
}
