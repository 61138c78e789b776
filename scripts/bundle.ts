import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { inkRows } from './ink-rows.ts';
import { later } from './later.ts';
import { segments } from './segments.ts';
import { yoga } from './yoga.ts';

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** How code of ours is bundled: the program, and what benchmarks set beside it. */
export const bundling = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  // esbuild believes that Node lacks these, and would compile such a pattern anew each time that it is used.
  supported: { 'regexp-set-notation': true, 'regexp-unicode-property-escapes': true },
  jsx: 'automatic',
  logLevel: 'warning',
  // What a package of another version no longer has must not be missed by its users first.
  logOverride: { 'import-is-undefined': 'error' },
  // Development React is three times slower to reconcile.
  define: { 'process.env.NODE_ENV': '"production"' },
  // Ink loads its devtools only in development; an `external` would be hoisted into a static import that fails.
  // The width of what our frames are made of is told without the pattern of all emoji.
  alias: {
    'react-devtools-core': beside('./empty-module.mjs'),
    'string-width': beside('./string-width.ts'),
  },
  // A step of the cursor draws the rows that it changes.
  plugins: [later, yoga, segments, inkRows],
  // CommonJS packages inside the bundle call `require` for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;
