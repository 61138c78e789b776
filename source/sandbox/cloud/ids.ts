/** Ids in the forms that AWS gives them, drawn from the world's seeded chance. */
import type { World } from '../model.ts';
import { randomText } from '../random.ts';

const LOWER_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const UPPER_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
const SECRET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

type Chance = Pick<World, 'random'>;

/** `a-` and 17 lower-case letters or digits (EKS user guide, "Learn how EKS Pod Identity works"). */
export function newAssociationId(world: Chance): string {
  return `a-${randomText(world.random, LOWER_AND_DIGITS, 17)}`;
}

/** Unique id of a role: `AROA` and 17 more (IAM user guide, "IAM identifiers"). */
export function newRoleId(world: Chance): string {
  return `AROA${randomText(world.random, UPPER_AND_DIGITS, 17)}`;
}

/** Unique id of a user: `AIDA` and 17 more. */
export function newUserId(world: Chance): string {
  return `AIDA${randomText(world.random, UPPER_AND_DIGITS, 17)}`;
}

/** Long-term access key id: `AKIA` and 16 base32 characters. */
export function newAccessKeyId(world: Chance): string {
  return `AKIA${randomText(world.random, BASE32, 16)}`;
}

export function newSecretAccessKey(world: Chance): string {
  return randomText(world.random, SECRET, 40);
}

/** What CloudFormation appends to a generated physical name: 12 letters or digits. */
export function newNameSuffix(world: Chance): string {
  return randomText(world.random, LOWER_AND_DIGITS.toUpperCase(), 12);
}

/** The last part of an EKS OIDC issuer: 32 upper-case hexadecimal digits. */
export function newIssuerId(world: Chance): string {
  return randomText(world.random, HEX, 32).toUpperCase();
}

/** A version 4 UUID: request ids, update ids, stack ids. */
export function newUuid(world: Chance): string {
  const digits = randomText(world.random, HEX, 32);
  const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) % 4);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}
