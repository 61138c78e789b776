#!/usr/bin/env node
// The front door. What it imports is small and plain, so that it can say one clear sentence on any Node, and draw the
// first frame before anything is loaded.
import module from 'node:module';
import { paintEarly } from './source/start/early.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `podid-tui needs Node 22.19 or newer and this is ${process.versions.node}: install a newer Node, or use \`npm start\` in a checkout, which brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  module.enableCompileCache?.();
  // Node would write it when the process ends, which a kill prevents, and V8 forgets code that a long sitting does not use.
  setTimeout(() => module.flushCompileCache?.(), 5_000).unref();
  // The AWS SDK writes a multi-line notice to stderr about old Node versions, which would tear the screen.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const argv = process.argv.slice(2);
  const painted = paintEarly(argv);
  const { main } = await import('./source/start/main.ts');
  process.exitCode = await main(argv, painted);
}
