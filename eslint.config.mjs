import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** The folders of src/ between which imports are ruled; see docs/architecture.md. */
const parts = [
  'domain',
  'workflows',
  'activities',
  'systems',
  'handbook',
  'evidence',
  'codec',
  'temporal',
  'server',
  'cli',
  'sandbox',
  'demo',
  'up',
];
const files = [
  ...parts.map((part) => ({ category: part, pattern: `src/${part}/**` })),
  { category: 'starter', pattern: 'src/starter.ts' },
  { category: 'program', pattern: 'src/!(starter).ts' },
  { category: 'scripts', pattern: 'scripts/lib/*' },
];

/** What each part may import of the project, besides itself. The sandbox is never loaded in production. */
const mayImport = {
  domain: [],
  workflows: ['domain'],
  activities: ['systems', 'domain', 'handbook', 'evidence'],
  systems: [],
  handbook: ['domain'],
  evidence: ['domain'],
  codec: ['domain'],
  temporal: ['domain', 'workflows', 'activities', 'codec', 'server', 'program'],
  server: ['domain', 'handbook', 'evidence', 'codec', 'program'],
  // The command runs every part, each loaded only where it is asked for.
  cli: [...parts, 'program', 'scripts'],
  sandbox: ['domain', 'handbook'],
  program: [...parts.filter((part) => !['sandbox', 'demo', 'up', 'cli'].includes(part)), 'scripts'],
  demo: ['sandbox', 'up', 'domain', 'handbook', 'evidence', 'systems', 'temporal', 'program', 'scripts'],
  up: ['sandbox', 'demo', 'handbook', 'program', 'scripts'],
  starter: [...parts.filter((part) => part !== 'workflows'), 'program', 'scripts'],
  scripts: [],
};

const packages = (...names) => ({ to: { module: { origin: 'external', source: names } } });
const policies = [
  ...Object.entries(mayImport).map(([from, to]) => ({
    from: { file: { categories: from } },
    allow: { to: { file: { categories: { anyOf: [from, ...to] } } } },
  })),
  // Everybody may use packages and Node, save those whose code runs inside a workflow.
  {
    from: { file: { categories: { noneOf: ['domain', 'workflows'] } } },
    allow: { to: { module: { origin: ['external', 'core'] } } },
  },
  {
    from: { file: { categories: 'workflows' } },
    allow: packages('@temporalio/workflow', '@temporalio/common'),
  },
  // A workflow knows which activities there are, never their code.
  {
    from: { file: { categories: 'workflows' } },
    allow: { to: { file: { categories: 'activities' } }, dependency: { kind: 'type' } },
  },
];

const impure = [
  [
    'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
    'Give the instant as an argument',
  ],
  ['NewExpression[callee.name="Date"][arguments.length=0]', 'Give the instant as an argument'],
  [
    'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    'Give the value as an argument',
  ],
].map(([selector, mend]) => ({ selector, message: `A rule of the business is pure. ${mend}.` }));

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'coverage/', '.daytwo/', 'bench/out/'] },
  // A file may say why it sets a rule aside, also where the rule isn't in this list (yet).
  { linterOptions: { reportUnusedDisableDirectives: 'off' } },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname,
      },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable-loop': 'error',
      'no-unsafe-finally': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-array-delete': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-duplicate-type-constituents': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/unbound-method': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/files': files,
      'import/resolver': { typescript: { project: './tsconfig.json' } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkAllOrigins: true,
          message: '{{from.file.categories}} must not import this (docs/architecture.md)',
          policies,
        },
      ],
    },
  },
  { files: ['src/domain/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...impure] } },
  {
    // What a client sends in the wrong form is answered as the real system does, whatever it reads.
    files: ['src/sandbox/**/*.ts'],
    rules: { '@typescript-eslint/no-base-to-string': 'off' },
  },
  {
    // What a test gets from a fake or an answer is judged by its expectations.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.cjs', '**/*.mjs'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-unused-vars': 'error',
      'no-unsafe-finally': 'error',
      'no-unreachable': 'error',
    },
  },
);
