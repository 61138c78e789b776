import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    // Conformance needs peers that npm cannot install; `npm run conformance` runs it.
    exclude: ['test/conformance/**', 'node_modules/**'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    // Many suites wait for a process or a stack: one worker fewer than cores would leave a core idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
});
