/** batch-de-1: machine learning on IRSA, without the agent; one association was made all the same. */
import { podIdentityTrust } from '../../world.ts';
import { role, type Site, settle } from '../site.ts';
import { irsaStatement, trust } from '../trust.ts';

export function furnishBatchDe(site: Site): void {
  const { account, cluster } = site;
  const onIrsa = (subject: string, more: Omit<Parameters<typeof settle>[1], 'subject' | 'irsa'> = {}) => {
    const own = role(site, `batch-${subject.replace('/', '-')}`, trust(irsaStatement(account, cluster, subject)));
    settle(site, { subject, irsa: own, ...more });
  };
  onIrsa('ml-batch/trainer', { replicas: 4 });
  onIrsa('ml-batch/feature-store', { kind: 'statefulset', replicas: 3 });
  onIrsa('ml-batch/model-registry', { replicas: 1 });
  onIrsa('ml-batch/nightly-report', { kind: 'cronjob' });
  onIrsa('airflow/scheduler', { replicas: 1 });
  onIrsa('airflow/worker', { replicas: 6 });
  onIrsa('airflow/webserver', { replicas: 1 });
  onIrsa('kube-system/cluster-autoscaler', { replicas: 1 });
  settle(site, { subject: 'kube-system/aws-node', kind: 'daemonset' });
  settle(site, { subject: 'ml-batch/tensorboard', replicas: 1 });

  // Its pods started with Pod Identity's variables and find nobody who answers.
  settle(site, {
    subject: 'ml-batch/scheduler',
    replicas: 1,
    association: role(site, 'batch-ml-batch-scheduler', podIdentityTrust()),
  });
  // The OIDC provider of a cluster that is long gone: the trust names an issuer that IAM does not know.
  const orphaned = role(
    site,
    'batch-ml-batch-notebook',
    trust(
      irsaStatement(
        account,
        { ...cluster, issuer: 'oidc.eks.eu-central-1.amazonaws.com/id/0BADC0DE0BADC0DE0BADC0DE0BADC0DE' },
        'ml-batch/notebook',
      ),
    ),
  );
  settle(site, { subject: 'ml-batch/notebook', replicas: 1, irsa: orphaned });
}
