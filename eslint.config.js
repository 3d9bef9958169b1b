import drizzle from 'eslint-plugin-drizzle';
import tseslint from 'typescript-eslint';

/** What a workspace may import of the others: one way only, so that every team can deploy alone (DESIGN section 2). */
const mayImport = {
  shared: [],
  drizzle: ['kernel'],
  'subgraphs/shared': ['kernel'],
  'subgraphs/case-management': ['kernel'],
  'subgraphs/audit': ['kernel'],
  gateway: ['kernel'],
};
const workspaces = ['kernel', 'database', 'subgraph-shared', 'subgraph-case-management', 'subgraph-audit', 'gateway', 'start'];

const importDirections = Object.entries(mayImport).map(([folder, allowed]) => ({
  files: [`${folder}/src/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: workspaces
              .filter((name) => !allowed.includes(name))
              .flatMap((name) => [`@bailiwick/${name}`, `@bailiwick/${name}/*`]),
            message: `${folder} may import only ${allowed.length ? allowed.map((name) => `@bailiwick/${name}`).join(', ') : 'packages from npm'}.`,
          },
          { group: ['**/../../../**/src/**'], message: 'Import another workspace by its package name.' },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/__generated__/**',
      '**/.bailiwick/**',
      'coverage/**',
      '**/*.js',
      '**/*.tsx',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { drizzle },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // Drizzle queries are lazy thenables: without checkThenables a forgotten await never runs and nothing says so.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'drizzle/enforce-delete-with-where': ['error', { drizzleObjectName: ['db', 'tx'] }],
      'drizzle/enforce-update-with-where': ['error', { drizzleObjectName: ['db', 'tx'] }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: "Only a process's config.ts reads process.env." },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  { files: ['**/config.ts', 'tests/**', '**/tests/**'], rules: { 'no-restricted-properties': 'off' } },
  {
    // A test knows the shape of the answer that it asked for; the compiler does not.
    files: ['tests/**', '**/tests/**'],
    rules: {
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  { files: ['tests/support/global*.ts'], rules: { 'no-restricted-exports': 'off' } },
  ...importDirections,
);
