/** The name of an account (IAM API reference, CreateAccountAlias and DeleteAccountAlias). */
import type { Account, World } from '../../model.ts';
import { AwsFault, validationError } from '../fault.ts';

/** Lower case letters, digits and single dashes within, 3 to 63 characters. */
const pattern = /^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$/u;

/** A new name takes the place of the old one; somebody else's is taken already. */
export function giveAlias(world: World, account: Account, alias: string): void {
  if (!pattern.test(alias)) {
    throw validationError(
      `1 validation error detected: Value '${alias}' at 'accountAlias' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`,
    );
  }
  const owner = [...world.accounts.values()].find(
    other => other.alias === alias && other.partition === account.partition,
  );
  if (owner !== undefined && owner !== account) {
    throw new AwsFault(409, 'EntityAlreadyExists', `The account alias ${alias} already exists.`);
  }
  account.alias = alias;
}

export function takeAlias(account: Account, alias: string): void {
  if (account.alias !== alias) {
    throw new AwsFault(404, 'NoSuchEntity', `The account alias ${alias} cannot be found.`);
  }
  delete account.alias;
}
