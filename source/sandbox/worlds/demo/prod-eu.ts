/** prod-eu-1: the busy one, with a bit of everything that goes wrong on the way from IRSA to Pod Identity. */
import type { Account } from '../../model.ts';
import { addAccount, addAddon, addOidcProvider, podIdentityTrust } from '../../world.ts';
import { addEksctlRole } from '../eksctl.ts';
import { associate, role, type Site, settle } from '../site.ts';
import { githubStatement, irsaStatement, podsStatement, trust } from '../trust.ts';
import { accountIds, policyArn } from './company.ts';

const day = 86_400_000;

export function furnishProdEu(site: Site, data: Account): void {
  furnishPlatform(site);
  furnishMonitoring(site);
  furnishPayments(site, data);
  furnishCheckout(site);
  furnishSearch(site);
}

/** Add-ons and controllers: one association owned by an add-on, one role owned by eksctl, one identity given twice. */
function furnishPlatform(site: Site): void {
  const { world, account, cluster } = site;
  const vpcCni = role(site, 'prod-eu-1-vpc-cni', podIdentityTrust(), {
    attached: ['arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy'],
  });
  addAddon(world, cluster, { name: 'vpc-cni', associations: [{ serviceAccount: 'aws-node', roleArn: vpcCni }] });
  settle(site, { subject: 'kube-system/aws-node', kind: 'daemonset' });
  const ebs = role(
    site,
    'prod-eu-1-ebs-csi',
    trust(irsaStatement(account, cluster, 'kube-system/ebs-csi-controller-sa')),
    {
      attached: ['arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy'],
    },
  );
  addAddon(world, cluster, { name: 'aws-ebs-csi-driver', serviceAccountRoleArn: ebs });
  settle(site, { subject: 'kube-system/ebs-csi-controller-sa', irsa: ebs });
  addAddon(world, cluster, { name: 'coredns' });
  settle(site, { subject: 'kube-system/coredns' });

  const controller = addEksctlRole(world, account, cluster, {
    subject: 'kube-system/aws-load-balancer-controller',
    roleName: 'eksctl-prod-eu-1-addon-iamserviceac-Role1-Q7m2LxWv0RtK',
    policyArns: [policyArn(account, 'AWSLoadBalancerControllerIAMPolicy')],
  });
  settle(site, { subject: 'kube-system/aws-load-balancer-controller', irsa: controller.arn });
  const autoscaler = role(site, 'prod-eu-1-cluster-autoscaler', podIdentityTrust());
  settle(site, { subject: 'kube-system/cluster-autoscaler', replicas: 1, association: autoscaler });

  // The annotation was left when the association came: harmless, but two sources of one truth.
  const dns = role(
    site,
    'prod-eu-1-external-dns',
    trust(irsaStatement(account, cluster, 'external-dns/external-dns'), podsStatement),
  );
  settle(site, { subject: 'external-dns/external-dns', replicas: 1, irsa: dns, association: dns });
  const certificates = role(
    site,
    'prod-eu-1-cert-manager',
    trust(irsaStatement(account, cluster, 'cert-manager/cert-manager')),
    { path: '/platform/' },
  );
  settle(site, { subject: 'cert-manager/cert-manager', replicas: 1, irsa: certificates });
  settle(site, { subject: 'cert-manager/cert-manager-webhook', replicas: 1 });
  settle(site, { subject: 'cert-manager/cert-manager-cainjector', replicas: 1 });
}

/** A wildcard trust, and a trust that somebody edited after the association was made. */
function furnishMonitoring(site: Site): void {
  const { account, cluster } = site;
  const dashboards = role(site, 'monitoring-read', trust(irsaStatement(account, cluster, 'monitoring/*')));
  settle(site, { subject: 'monitoring/grafana', irsa: dashboards });
  settle(site, { subject: 'monitoring/alertmanager', replicas: 3, irsa: dashboards });
  settle(site, {
    subject: 'monitoring/prometheus',
    kind: 'statefulset',
    association: role(site, 'prod-eu-1-prometheus', podIdentityTrust()),
  });
  settle(site, {
    subject: 'monitoring/fluent-bit',
    kind: 'daemonset',
    association: role(site, 'prod-eu-1-fluent-bit', podIdentityTrust()),
  });
  const collector = role(site, 'prod-eu-1-otel-collector', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  settle(site, { subject: 'monitoring/otel-collector', association: collector });
  settle(site, { subject: 'monitoring/kube-state-metrics', replicas: 1 });
}

/** The money: a target role elsewhere, a role that is gone, two roles for one account, one role for three. */
function furnishPayments(site: Site, data: Account): void {
  const { world, account, cluster } = site;
  settle(site, {
    subject: 'payments/api',
    replicas: 12,
    association: role(site, 'payments-api', podIdentityTrust(), { attached: [policyArn(account, 'payments-api')] }),
  });
  settle(site, {
    subject: 'payments/ledger',
    kind: 'statefulset',
    replicas: 4,
    association: {
      roleArn: role(site, 'payments-ledger', podIdentityTrust()),
      targetRoleArn: `arn:aws:iam::${data.id}:role/ledger-writer`,
      disableSessionTags: true,
      tags: { team: 'ledger', 'cost-centre': '4100' },
    },
  });
  settle(site, {
    subject: 'payments/settlement',
    association: `arn:aws:iam::${account.id}:role/payments-settlement`,
  });
  settle(site, {
    subject: 'payments/fraud',
    replicas: 6,
    irsa: role(site, 'payments-fraud-irsa', trust(irsaStatement(account, cluster, 'payments/fraud'))),
    association: role(site, 'payments-fraud', podIdentityTrust()),
  });
  furnishSharedRole(site);
  settle(site, {
    subject: 'payments/card-vault',
    pods: { on: 'fargate' },
    irsa: role(site, 'payments-card-vault', trust(irsaStatement(account, cluster, 'payments/card-vault'))),
  });
  // Moved to another namespace long ago; the association stayed behind.
  associate(site, 'payments/reporting', role(site, 'payments-reporting', podIdentityTrust()));
  associate(site, 'risk-lab/scorer', {
    roleArn: role(site, 'risk-lab-scorer', podIdentityTrust()),
    createdAt: world.now - 200 * day,
  });
}

/** One role that three service accounts and a deployment pipeline share: the case that eksctl's migration breaks. */
function furnishSharedRole(site: Site): void {
  const { account, cluster } = site;
  addOidcProvider(account, 'token.actions.githubusercontent.com');
  const subjects = ['payments/invoices', 'payments/refunds', 'payments/webhooks'];
  const shared = role(
    site,
    'payments-shared',
    trust(irsaStatement(account, cluster, ...subjects), githubStatement(account, 'northwind-pay/payments')),
  );
  for (const subject of subjects) settle(site, { subject, replicas: 3, irsa: shared });
}

/** Pods older than their association, a session policy, and a role in an account that is not ours. */
function furnishCheckout(site: Site): void {
  const { world, account, cluster } = site;
  settle(site, { subject: 'checkout/web', replicas: 8, association: role(site, 'checkout-web', podIdentityTrust()) });
  settle(site, { subject: 'checkout/cart', replicas: 5, association: role(site, 'checkout-cart', podIdentityTrust()) });
  settle(site, {
    subject: 'checkout/promo',
    association: {
      roleArn: role(site, 'checkout-promo', podIdentityTrust()),
      disableSessionTags: true,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::northwind-promo/*' }],
      }),
    },
  });
  const session = role(
    site,
    'checkout-session',
    trust(irsaStatement(account, cluster, 'checkout/session'), podsStatement),
  );
  settle(site, {
    subject: 'checkout/session',
    replicas: 4,
    irsa: session,
    association: { roleArn: session, createdAt: world.now - day / 12 },
    pods: { bornWith: 'irsa', bornAt: world.now - 3 * day },
  });
  settle(site, { subject: 'checkout/tax', irsa: partnerRole(site, 'checkout/tax') });
}

/** A partner's role, in an account for which we have no keys. It works as it is, and an association cannot name it. */
function partnerRole({ world, cluster }: Site, subject: string): string {
  const partner = addAccount(world, { id: accountIds.partner });
  addOidcProvider(partner, cluster.issuer ?? '');
  return role({ world, account: partner }, 'tax-engine-client', trust(irsaStatement(partner, cluster, subject)));
}

/** A trust document that is no JSON any more, one without sts:TagSession, and two that only wait to be migrated. */
function furnishSearch(site: Site): void {
  const { account, cluster } = site;
  const whole = JSON.stringify(trust(irsaStatement(account, cluster, 'search/indexer')));
  settle(site, { subject: 'search/indexer', replicas: 3, irsa: role(site, 'search-indexer', whole.slice(0, -9)) });
  settle(site, {
    subject: 'search/query',
    replicas: 6,
    association: role(site, 'search-query', trust({ ...podsStatement, Action: 'sts:AssumeRole' })),
  });
  for (const name of ['suggest', 'synonyms']) {
    const subject = `search/${name}`;
    const own = role(site, `search-${name}`, trust(irsaStatement(account, cluster, subject)));
    settle(site, { subject, irsa: own });
  }
}
