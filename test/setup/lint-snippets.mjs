import { readFileSync, writeFileSync } from 'node:fs';
import { ESLint } from 'eslint';

/** `node lint-snippets.mjs <cases.json> <results.json>`: whether the import rule refuses each snippet. */
const [input, output] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(input, 'utf8'));
const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => ruleId === 'boundaries/dependencies',
  // The rule of imports needs no types, and without them the snippets are read in no time.
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
});

const results = [];
for (const { path, code } of cases) {
  const [result] = await eslint.lintText(code, { filePath: path });
  const fatal = result.messages.find((message) => message.fatal);
  if (fatal) throw new Error(`${path}: ${fatal.message}`);
  results.push(result.messages.some((message) => message.ruleId === 'boundaries/dependencies'));
}
writeFileSync(output, JSON.stringify(results));
