import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const script = /[\\/]yoga-layout[\\/]dist[\\/]binaries[\\/]yoga-wasm-base64-esm\.js$/;
const dataUrl = /data:application\/octet-stream;base64,([A-Za-z0-9+/=]{10000,})/;
const bytes = 'yoga-bytes';

/** The script without the bytes of its WebAssembly, and these as the text that they are in it. */
async function taken(path: string): Promise<{ readonly rest: string; readonly text: string }> {
  const source = await readFile(path, 'utf8');
  const text = dataUrl.exec(source)?.[1];
  if (!text) throw new Error(`${path} holds no WebAssembly: look at how yoga-layout brings it now`);
  return { rest: source.replace(text, ''), text };
}

/**
 * For esbuild: the layout engine without a detour. The package keeps its WebAssembly as text in a script and has `fetch`
 * read it, for which Node loads an HTTP client, crypto and compression; here the same bytes are compiled at once.
 */
export const yoga: Plugin = {
  name: 'yoga',
  setup(build) {
    let replaced = false;
    build.onResolve({ filter: /^yoga-layout$/ }, () => {
      replaced = true;
      return { path: fileURLToPath(new URL('./yoga-layout.mjs', import.meta.url)) };
    });
    build.onEnd(() => (replaced ? {} : { errors: [{ text: 'nothing imports yoga-layout any more' }] }));
    build.onLoad({ filter: script, namespace: 'file' }, async ({ path }) => ({ contents: (await taken(path)).rest }));
    build.onResolve({ filter: /^yoga-layout\/bytes$/ }, () => ({
      path: fileURLToPath(
        new URL('../node_modules/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js', import.meta.url),
      ),
      namespace: bytes,
    }));
    build.onLoad({ filter: script, namespace: bytes }, async ({ path }) => ({
      contents: `export default Buffer.from('${(await taken(path)).text}', 'base64');`,
    }));
  },
};
