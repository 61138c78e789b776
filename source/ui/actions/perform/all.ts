import type { ActionId } from '../actions.ts';
import { buttonActions } from './buttons.ts';
import { contextActions } from './contexts.ts';
import { copiesActions } from './copies.ts';
import { copyActions } from './copy.ts';
import { formActions } from './form.ts';
import { helpActions } from './help.ts';
import { migrateActions } from './migrate.ts';
import { optionActions } from './migration-options.ts';
import { movement } from './move.ts';
import { navigation } from './navigate.ts';
import type { Perform } from './perform.ts';
import { processActions } from './process.ts';
import { promptActions } from './prompt.ts';
import { runActions } from './run-control.ts';
import { runsActions } from './runs.ts';
import { streamActions } from './stream.ts';
import { tableActions } from './table.ts';
import { treeActions } from './tree.ts';

const joined = {
  ...movement,
  ...navigation,
  ...helpActions,
  ...copyActions,
  ...copiesActions,
  ...tableActions,
  ...promptActions,
  ...formActions,
  ...buttonActions,
  ...migrateActions,
  ...treeActions,
  ...streamActions,
  ...optionActions,
  ...runActions,
  ...runsActions,
  ...contextActions,
  ...processActions,
};

/** What an action of the key table does. */
export const performOf = (id: ActionId): Perform | undefined => joined[id];
