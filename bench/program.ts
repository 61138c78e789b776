import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program that is measured: PODID_TEST_CLI, or this checkout's own build. */
export const cli: string = process.env.PODID_TEST_CLI
  ? path.resolve(process.env.PODID_TEST_CLI)
  : fileURLToPath(new URL('../dist/cli.js', import.meta.url));
