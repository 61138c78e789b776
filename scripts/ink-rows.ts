import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** For esbuild: Ink draws its frames through `ink-output.ts`, in the program and in what the benchmarks measure alike. */
export const inkRows: Plugin = {
  name: 'ink-rows',
  setup(build) {
    let replaced = false;
    build.onResolve({ filter: /^\.\/output\.js$/ }, ({ importer }) => {
      if (!/[\\/]ink[\\/]build[\\/]renderer\.js$/.test(importer)) return undefined;
      replaced = true;
      return { path: fileURLToPath(new URL('./ink-output.ts', import.meta.url)) };
    });
    // Another Ink may be made in another way: then this is to be looked at, and not to be without effect.
    build.onEnd(() => (replaced ? {} : { errors: [{ text: 'ink/build/renderer.js no longer imports ./output.js' }] }));
  },
};
