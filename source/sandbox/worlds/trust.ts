/** Trust documents beyond the two plain ones, for roles with a past. */
import type { Account, ClusterRecord } from '../model.ts';
import { oidcProviderArn } from '../world.ts';

/** A statement of a trust document, in the order in which its keys are written. */
export type Statement = Readonly<Record<string, unknown>>;

export function trust(...statements: readonly Statement[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

export const podsStatement: Statement = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
};

/**
 * Lets in the named service accounts (`namespace/name`) of a cluster through IRSA, the provider being the one in the
 * role's account. A name with `*` makes it a StringLike, as hand-written documents have it.
 */
export function irsaStatement(
  account: Pick<Account, 'id' | 'partition'>,
  cluster: ClusterRecord,
  ...subjects: readonly string[]
): Statement {
  const issuer = cluster.issuer ?? '';
  const names = subjects.map(each => `system:serviceaccount:${each.replace('/', ':')}`);
  const audience = { [`${issuer}:aud`]: 'sts.amazonaws.com' };
  const subject = { [`${issuer}:sub`]: names.length === 1 ? names[0] : names };
  return {
    Effect: 'Allow',
    Principal: { Federated: oidcProviderArn(account, issuer) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: names.some(each => each.includes('*'))
      ? { StringEquals: audience, StringLike: subject }
      : { StringEquals: { ...audience, ...subject } },
  };
}

/** GitHub Actions workflows of a repository's branch (GitHub docs, "Configuring OpenID Connect in AWS"). */
export function githubStatement(account: Pick<Account, 'id' | 'partition'>, repository: string): Statement {
  const issuer = 'token.actions.githubusercontent.com';
  return {
    Sid: 'GitHubActions',
    Effect: 'Allow',
    Principal: { Federated: oidcProviderArn(account, issuer) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${issuer}:sub`]: `repo:${repository}:ref:refs/heads/main` },
    },
  };
}
