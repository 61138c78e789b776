/** What an AWS operation is given. */
import type { Account, Caller, World } from '../model.ts';
import type { Form } from './form.ts';
import type { JsonObject } from './values.ts';
import type { XmlValue } from './xml.ts';

export type CallContext = {
  readonly world: World;
  readonly account: Account;
  readonly caller: Caller;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

export type QueryContext = CallContext & { readonly form: Form };

/** Answers the members of the result element. */
export type QueryOperation = (context: QueryContext) => { readonly [name: string]: XmlValue };

export type RestContext = CallContext & {
  /** Path labels, decoded. */
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
};

/** Answers the body; undefined members are left out. */
export type RestOperation = (context: RestContext) => object;
