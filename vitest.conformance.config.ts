import { defineConfig } from 'vitest/config';

// Compares with independent peers: AWS CLI, kubectl, moto, a real API server. scripts/install-peers.sh gets what it can;
// a peer that is absent shows as a skipped test that says so, hence the reporter that names every test.
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    reporters: ['verbose'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
