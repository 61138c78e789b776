/** The two trust documents that matter here, as AWS's own guides and eksctl write them; worlds are made of these. */
import type { Account } from '../model.ts';

/** Trust of a role for EKS Pod Identity (EKS user guide, "Assign an IAM role to a Kubernetes service account"). */
export function podIdentityTrust(): object {
  return {
    Version: '2012-10-17',
    Statement: [podIdentityStatement()],
  };
}

export function podIdentityStatement(): object {
  return {
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  };
}

/** Trust of a role for IRSA. `issuer` is without `https://`; the provider is the one in the role's account. */
export function webIdentityTrust(
  account: Pick<Account, 'id' | 'partition'>,
  issuer: string,
  namespace: string,
  serviceAccount: string,
): object {
  return {
    Version: '2012-10-17',
    Statement: [webIdentityStatement(account, issuer, namespace, serviceAccount)],
  };
}

export function webIdentityStatement(
  account: Pick<Account, 'id' | 'partition'>,
  issuer: string,
  namespace: string,
  serviceAccount: string,
): object {
  const operator = `${namespace}${serviceAccount}`.includes('*') ? 'StringLike' : 'StringEquals';
  return {
    Effect: 'Allow',
    Principal: { Federated: oidcProviderArn(account, issuer) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      [operator]: {
        [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        [`${issuer}:aud`]: 'sts.amazonaws.com',
      },
    },
  };
}

/** `issuer` is without `https://`. */
export function oidcProviderArn(account: Pick<Account, 'id' | 'partition'>, issuer: string): string {
  return `arn:${account.partition}:iam::${account.id}:oidc-provider/${issuer}`;
}
