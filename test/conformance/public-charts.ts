/**
 * The service accounts that public Helm charts create, with the labels of their own templates (each chart's
 * templates/serviceaccount*.yaml and _helpers.tpl) and the annotations that Helm adds to what it owns (Helm docs,
 * "Labels and Annotations"). Those with `irsa` carry a role in the way that each chart's documentation shows for EKS.
 */
export type ChartAccount = {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly release: string;
  readonly irsa: boolean;
};

type Chart = { readonly chart: string; readonly version: string; readonly app: string; readonly namespace: string };

const loadBalancer = {
  chart: 'aws-load-balancer-controller',
  version: '1.4.6',
  app: 'v2.4.5',
  namespace: 'kube-system',
};
const dns = { chart: 'external-dns', version: '1.5.1', app: '0.10.1', namespace: 'external-dns' };
const autoscaler = { chart: 'cluster-autoscaler', version: '9.38.0', app: '1.31.0', namespace: 'kube-system' };
const ebs = { chart: 'aws-ebs-csi-driver', version: '2.17.0', app: '1.16.0', namespace: 'kube-system' };
const certManager = { chart: 'cert-manager', version: 'v1.16.2', app: 'v1.16.2', namespace: 'cert-manager' };

/** Installed under a release of the chart's own name. */
function account(
  chart: Chart,
  name: string,
  irsa: boolean,
  labels: Readonly<Record<string, string>> = {},
): ChartAccount {
  return {
    namespace: chart.namespace,
    name,
    release: chart.chart,
    irsa,
    labels: {
      'app.kubernetes.io/name': chart.chart,
      'app.kubernetes.io/instance': chart.chart,
      'app.kubernetes.io/version': chart.app,
      'app.kubernetes.io/managed-by': 'Helm',
      'helm.sh/chart': `${chart.chart}-${chart.version}`,
      ...labels,
    },
  };
}

/** cert-manager names the parts of its release by component, in two labels. */
const certManagerPart = (component: string, app: string) => ({
  app,
  'app.kubernetes.io/name': app,
  'app.kubernetes.io/component': component,
});

export const chartAccounts: readonly ChartAccount[] = [
  account(loadBalancer, 'aws-load-balancer-controller', true),
  account(dns, 'external-dns', true),
  // The name of the cloud is part of the chart's names; the release's goes before it.
  account(autoscaler, 'cluster-autoscaler-aws-cluster-autoscaler', true, {
    'app.kubernetes.io/name': 'aws-cluster-autoscaler',
  }),
  account(ebs, 'ebs-csi-controller-sa', true, { 'app.kubernetes.io/component': 'csi-driver' }),
  account(ebs, 'ebs-csi-node-sa', false, { 'app.kubernetes.io/component': 'csi-driver' }),
  account(certManager, 'cert-manager', true, certManagerPart('controller', 'cert-manager')),
  account(certManager, 'cert-manager-cainjector', false, certManagerPart('cainjector', 'cainjector')),
  account(certManager, 'cert-manager-webhook', false, certManagerPart('webhook', 'webhook')),
];

export const subjectOf = ({ namespace, name }: ChartAccount): string => `${namespace}/${name}`;

/** The object as Helm sends it. */
export function manifestOf(chart: ChartAccount, roleArn: string | undefined): unknown {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    automountServiceAccountToken: true,
    metadata: {
      name: chart.name,
      namespace: chart.namespace,
      labels: chart.labels,
      annotations: {
        ...(roleArn === undefined ? {} : { 'eks.amazonaws.com/role-arn': roleArn }),
        'meta.helm.sh/release-name': chart.release,
        'meta.helm.sh/release-namespace': chart.namespace,
      },
    },
  };
}
