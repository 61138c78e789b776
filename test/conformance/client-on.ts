import { makeClient } from '../../source/kubernetes/client.ts';
import { fixedCredential } from '../../source/kubernetes/credential.ts';
import { kubernetesPort } from '../../source/kubernetes/port.ts';
import { systemClock } from '../../source/run/clock.ts';

const cluster = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  name: 'conformance',
  arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/conformance',
};

/** Ports on one API server: for an administrator, for someone without rights, and for a stranger. */
export function portsOn(server: string, ca: string, tokens: { readonly admin: string; readonly limited: string }) {
  const timing = { clock: systemClock, random: () => 0 };
  const clientOf = (token: string) =>
    makeClient({
      cluster,
      connect: async () => ({
        address: { server, ca: [ca] },
        credentials: fixedCredential({ token }),
      }),
      ...timing,
    });
  const client = clientOf(tokens.admin);
  const admin = kubernetesPort(client, timing);
  const limited = kubernetesPort(clientOf(tokens.limited), timing);
  const stranger = kubernetesPort(clientOf('nobody-knows-this-token'), timing);
  const close = () => {
    for (const port of [admin, limited, stranger]) port.close();
  };
  return { client, admin, limited, stranger, close };
}
