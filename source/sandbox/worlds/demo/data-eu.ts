/** data-eu-1, in an account of its own: the data platform, half way through its migration. */
import { podIdentityTrust } from '../../world.ts';
import { role, type Site, settle } from '../site.ts';
import { irsaStatement, trust } from '../trust.ts';

export function furnishDataEu(site: Site): void {
  const { account, cluster } = site;
  for (const subject of ['lake/ingest', 'lake/compactor', 'monitoring/prometheus']) {
    const own = role(site, `data-${subject.replace('/', '-')}`, podIdentityTrust());
    settle(site, { subject, association: own });
  }
  for (const subject of ['warehouse/loader', 'warehouse/exporter', 'lake/catalogue']) {
    const own = role(site, `data-${subject.replace('/', '-')}`, trust(irsaStatement(account, cluster, subject)));
    settle(site, { subject, irsa: own });
  }
  settle(site, { subject: 'warehouse/console', replicas: 1 });
}
