import type { App } from '../../controller/app.ts';
import type { ActionId } from '../actions.ts';

/** What an action does. It changes state and starts work; it never waits. */
export type Perform = (app: App) => void;

/** Some actions by id; the dispatcher joins all of them. */
export type Performs = { readonly [Id in ActionId]?: Perform };
