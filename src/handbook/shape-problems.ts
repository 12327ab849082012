import { z } from 'zod';
import { suggestion } from '../domain/spelling';

export interface ShapeProblem {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly mend: string;
  readonly value?: string;
}

type Issue = z.core.$ZodIssue;

/** What zod found, in words for the person who edits the file. Schemas put the mend of their own rules into `params.mend`. */
export function problemsOfShape(issues: readonly Issue[], root: unknown, name = 'the file'): ShapeProblem[] {
  return issues.flatMap((issue) => inWords(issue, root, name));
}

function inWords(issue: Issue, root: unknown, name: string): ShapeProblem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const found = valueAt(root, path);
  const value =
    typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
      ? String(found)
      : undefined;
  const located = { path, ...(value === undefined ? {} : { value }) };
  const last = String(path.at(-1) ?? name);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        value: key,
        problem: 'unknown key',
        mend: suggestion(key, issue.message.split(' '), 'Take it away.'),
      }));
    case 'invalid_union':
      return ofUnion(issue, path, found, located);
    case 'invalid_type':
      if (found === undefined)
        return [
          { path, problem: `${last} is missing`, mend: `Add ${last}: ${kindInWords(issue.expected)}.` },
        ];
      return [
        {
          ...located,
          problem: `${last} is not ${kindInWords(issue.expected)}`,
          mend: `Write ${kindInWords(issue.expected)}.`,
        },
      ];
    case 'invalid_value': {
      const choices = issue.values.map(String);
      if (found === undefined)
        return [{ path, problem: `${last} is missing`, mend: `Add ${last}: one of ${choices.join(', ')}.` }];
      return [
        {
          ...located,
          problem: `${last} has a value that isn't known`,
          mend: suggestion(value ?? '', choices, `Write one of ${choices.join(', ')}.`),
        },
      ];
    }
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) =>
        inWords({ ...inner, path: [...issue.path, ...inner.path] }, root, name),
      );
    case 'custom':
      return [
        {
          ...located,
          problem: issue.message,
          mend: String(issue.params?.['mend'] ?? 'Write it as the neighbouring entries do.'),
        },
      ];
    default:
      return [
        { ...located, problem: `${last}: ${issue.message}`, mend: 'Write a value within these bounds.' },
      ];
  }
}

/** Of alternatives, tells of the one that was meant: the first that doesn't fail at its very kind. */
function ofUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly (string | number)[],
  found: unknown,
  located: Omit<ShapeProblem, 'problem' | 'mend'>,
): ShapeProblem[] {
  if ('discriminator' in issue && issue.discriminator !== undefined) {
    const choices = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    if (typeof found !== 'string') {
      return [
        { path, problem: `${issue.discriminator} is missing`, mend: `Add it: one of ${choices.join(', ')}.` },
      ];
    }
    const mend = suggestion(found, choices, `Write one of ${choices.join(', ')}.`);
    return [{ ...located, problem: `unknown ${issue.discriminator}`, mend }];
  }
  const meant = issue.errors.find((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  if (!meant) {
    const problem = `${String(path.at(-1) ?? 'the file')} ${issue.message}`;
    return [{ ...located, problem, mend: 'Write it as the neighbouring entries do.' }];
  }
  return problemsOfShape(meant, found).map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
}

/** A map with exactly these keys; an unknown one is reported together with those there are. */
export function mapOf<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined),
  });
}

function kindInWords(expected: string): string {
  const words: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map of keys and values ({} if there are none)',
    record: 'a map of keys and values',
  };
  return words[expected] ?? expected;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
