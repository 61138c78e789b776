import type { App } from '../../controller/app.ts';
import type { ActionId } from '../actions.ts';

/**
 * What an action does. It changes state and starts work; it never waits. One that stands for another returns that one's
 * id, which is then done if it can be.
 */
export type Perform = ((app: App) => void) | ((app: App) => ActionId | undefined);

/** Some actions by id; the dispatcher joins all of them. */
export type Performs = { readonly [Id in ActionId]?: Perform };
