import { remembering } from './remembering.ts';
import { clean } from './sanitise.ts';

/** What a screen shows of an ARN: the name at its end. Anything that is not an ARN is shown whole. */
export const arnName = (arn: string): string =>
  arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1) || arn;

/** `arnName`, safe to print. Few roles stand in many rows. */
export const shownName = remembering(arn => clean(arnName(arn)), 20_000);

/** What a text is about when it may be an ARN: its name; a stack's own, not the id behind it. Other text stays whole. */
export function arnSubject(text: string): string {
  if (!text.startsWith('arn:')) return text;
  return /:stack\/([^/]+)\//.exec(text)?.[1] ?? arnName(text);
}

/** A sentence with the names of roles in place of their ARNs, where these are shown in full elsewhere. */
export const shortRoles = (text: string): string =>
  text.replace(/arn:[a-z-]+:iam::\d{12}:role\/(?:[^\s,;:/]+\/)*([^\s,;:/]+)/g, '$1');

/** The account in an ARN (`arn:partition:service:region:account:...`), if it is one. */
export const arnAccount = (arn: string): string | undefined => {
  const account = arn.split(':')[4];
  return account ? account : undefined;
};
