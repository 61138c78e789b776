/** stg-eu-1: where things are tried first. Healthy, but for an agent that does not run on every node. */
import { podIdentityTrust } from '../../world.ts';
import { role, type Site, settle } from '../site.ts';
import { irsaStatement, trust } from '../trust.ts';

export function furnishStaging(site: Site): void {
  const { account, cluster } = site;
  for (const subject of ['payments/api', 'payments/fraud', 'checkout/web', 'checkout/cart']) {
    const own = role(site, `stg-${subject.replace('/', '-')}`, podIdentityTrust());
    settle(site, { subject, replicas: 1, association: own });
  }
  for (const subject of ['search/query', 'search/indexer', 'external-dns/external-dns']) {
    const own = role(site, `stg-${subject.replace('/', '-')}`, trust(irsaStatement(account, cluster, subject)));
    settle(site, { subject, replicas: 1, irsa: own });
  }
  settle(site, { subject: 'kube-system/aws-node', kind: 'daemonset' });
  settle(site, { subject: 'preview/runner', replicas: 1 });
}
