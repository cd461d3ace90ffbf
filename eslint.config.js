import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const timeAndEnvironment = [
  { object: 'process', property: 'env', message: 'The environment is read by platform/env.ts; take what you need as an argument.' },
  { object: 'Date', property: 'now', message: 'Time comes from ctx.now.' },
];

const rawSubquery = {
  selector:
    "CallExpression[callee.property.name='select'] TaggedTemplateExpression[tag.name='sql'] TemplateElement[value.raw=/\\bselect\\b/i]",
  message: 'Build a subquery in a column list with db.select(): in raw SQL its outer columns lose their table.',
};

export default tseslint.config(
  { ignores: ['build/', 'node_modules/', 'coverage/', 'test-results/', '.data/', '.cache/', 'migrations/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Loaders throw responses.
      '@typescript-eslint/only-throw-error': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.tsx'],
    plugins: { 'react-hooks': hooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['app/**/*.{ts,tsx}'], ignores: ['app/bin/**'], rules: { 'no-console': 'error' } },
  {
    files: ['app/{modules,workflows,queries,invariants,routes,components,gateway,jobs,adapters}/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: { 'no-restricted-properties': ['error', ...timeAndEnvironment] },
  },
  {
    // In the columns of a one-table select drizzle drops the table's name, so `id` in a raw subquery means the subquery's own column.
    files: ['app/{queries,invariants}/**/*.ts', 'app/{components,routes,gateway,jobs,web}/**/*.{ts,tsx}', 'db/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', rawSubquery] },
  },
  {
    files: ['app/{modules,workflows}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes from ctx.now.' },
        { selector: "CallExpression[callee.name='parseFloat']", message: 'Money never passes through a float.' },
        rawSubquery,
      ],
    },
  },
  {
    files: ['tests/**/*.ts', '**/*.test.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.object.name='vi'][callee.property.name='mock']", message: 'Our own code is never mocked.' },
        { selector: "MemberExpression[object.name=/^(it|test|describe)$/][property.name='only']", message: 'Run all of it.' },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    rules: { 'no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }] },
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
);
