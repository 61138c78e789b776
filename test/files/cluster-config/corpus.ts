import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('./corpus/', import.meta.url);

/** Every config of the corpus: name and text. */
export const corpus: ReadonlyMap<string, string> = new Map(
  readdirSync(folder)
    .toSorted()
    .map(name => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

export function configText(name: string): string {
  const text = corpus.get(name);
  if (text === undefined) throw new Error(`no ${name} in the corpus`);
  return text;
}
