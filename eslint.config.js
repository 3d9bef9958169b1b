import drizzle from 'eslint-plugin-drizzle';
import tseslint from 'typescript-eslint';

/** What a workspace may import of the others: one way only, so that every team can deploy alone (DESIGN section 2). */
const mayImport = {
  drizzle: ['kernel'],
  'subgraphs/shared': ['kernel'],
  'subgraphs/case-management': ['kernel'],
  'subgraphs/audit': ['kernel'],
  gateway: ['kernel'],
};
const workspaces = ['kernel', 'database', 'subgraph-shared', 'subgraph-case-management', 'subgraph-audit', 'gateway', 'start'];

/** Files inside a package are its own affair and move without notice: a package is imported by what it exports by name. */
const deepImports = [
  {
    regex: '^(?:pg|graphql|drizzle-orm|@apollo/[a-z-]+)/(?:lib|dist|src|build|jsutils|utilities|execution|language|type)/',
    message: 'Import the package by its name, not a file inside it.',
  },
];

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
          ...deepImports,
        ],
      },
    ],
  },
}));

/** The rooms of the kernel, from the ground up: a room may import those below it. */
const kernelRooms = ['errors', 'process', 'postgres', 'auth', 'graphql', 'pagination', 'http'];
const roomLayers = kernelRooms.map((room, index) => ({
  files: [`shared/src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\.\\./(?:.*/)?(?:${kernelRooms.slice(index + 1).join('|') || '-'})/`,
            message: `${room} may import only ${kernelRooms.slice(0, index).join(', ') || 'packages from npm'}: rooms stand in layers.`,
          },
          { regex: '/index\\.js$', message: 'Inside the kernel, import the file itself.' },
          { group: ['@bailiwick/*'], message: 'The kernel imports no other workspace.' },
          ...deepImports,
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
  ...roomLayers,
);
