import { detailScenes } from './scenes/detail.ts';
import { migrateScenes } from './scenes/migrate.ts';
import { tableScenes } from './scenes/tables.ts';
import { troubleScenes } from './scenes/trouble.ts';
import { writeScenes } from './scenes/writes.ts';
import type { Scene } from './steps.ts';

/** Every screen and state of the app: what has happened in the sandbox, and the keys that lead there. */
export const scenes: readonly Scene[] = [
  ...tableScenes,
  ...detailScenes,
  ...writeScenes,
  ...migrateScenes,
  ...troubleScenes,
];
