// Writes docs/keys.md from the tables of keys and commands.
import { writeFile } from 'node:fs/promises';
import { keysPage } from '../source/ui/actions/keys-page.ts';

await writeFile(new URL('../docs/keys.md', import.meta.url), keysPage());
