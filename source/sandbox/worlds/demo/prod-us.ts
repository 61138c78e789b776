/** prod-us-1: EKS Auto Mode, moved to Pod Identity but for a few stragglers. */
import { podIdentityTrust } from '../../world.ts';
import { role, type Site, settle } from '../site.ts';
import { irsaStatement, podsStatement, trust } from '../trust.ts';

/** Roles of one name serve all clusters of the account: that is what Pod Identity is for. */
const moved = [
  ['payments/api', 6],
  ['payments/webhooks', 2],
  ['checkout/web', 5],
  ['checkout/cart', 3],
  ['checkout/promo', 1],
] as const;

export function furnishProdUs(site: Site): void {
  const { account, cluster } = site;
  for (const [subject, replicas] of moved) {
    const name = subject.replace('/', '-');
    const known = account.roles.get(name)?.arn ?? role(site, name, podIdentityTrust());
    settle(site, { subject, replicas, association: known });
  }
  settle(site, {
    subject: 'monitoring/prometheus',
    kind: 'statefulset',
    association: role(site, 'prod-us-1-prometheus', podIdentityTrust()),
  });
  settle(site, { subject: 'monitoring/kube-state-metrics', replicas: 1 });
  const dns = role(
    site,
    'prod-us-1-external-dns',
    trust(podsStatement, irsaStatement(account, cluster, 'external-dns/external-dns')),
  );
  settle(site, { subject: 'external-dns/external-dns', replicas: 1, association: dns });
  for (const subject of ['checkout/tax', 'search/query']) {
    const own = role(site, `prod-us-1-${subject.replace('/', '-')}`, trust(irsaStatement(account, cluster, subject)));
    settle(site, { subject, irsa: own });
  }
  settle(site, { subject: 'search/warmup', replicas: 1 });
}
