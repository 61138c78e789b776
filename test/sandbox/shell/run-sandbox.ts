// The sandbox as a process of its own, for tests: what `podid-tui sandbox` does, without building the app first.
import { sandboxMain } from '../../../source/sandbox/main.ts';

process.exitCode = await sandboxMain(process.argv.slice(2));
