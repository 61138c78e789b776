import type { PerformContext } from './context.ts';

const stackType = 'AWS::CloudFormation::Stack';

type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/**
 * What went wrong first in a stack's last operation of a kind, for the end of a sentence: what fails after that is a
 * consequence. Empty where the events tell nothing, or cannot be read.
 */
export async function firstCauses(stackId: string, operation: Operation, context: PerformContext): Promise<string> {
  const events = await context.ports.cloudformation.stackEvents(stackId, context.call).catch(() => []);
  const began = events.findIndex(
    ({ status, resourceType }) => resourceType === stackType && status === `${operation}_IN_PROGRESS`,
  );
  const reasons = (began < 0 ? events : events.slice(0, began))
    .filter(({ status, resourceType }) => status.endsWith('_FAILED') && resourceType !== stackType)
    .toReversed()
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ logicalId, reason }) => (reason && !isConsequence(reason) ? [`${logicalId}: ${reason}`] : []));
  const first = [...new Set(reasons)].slice(0, 3);
  return first.length > 0 ? `: ${first.join('; ')}` : '';
}

/** As CloudFormation says it of resources that it gave up because another one failed (observed). */
const isConsequence = (reason: string): boolean => /^Resource (creation|update) cancelled/i.test(reason);

/**
 * Whether the request of that token made the stack: CloudFormation puts the token into the events that a request leads to
 * (API reference, StackEvent). `unknown` while there are no events.
 */
export async function wasMadeBy(
  token: string,
  stackId: string,
  { ports, call }: PerformContext,
): Promise<'yes' | 'no' | 'unknown'> {
  const events = await ports.cloudformation.stackEvents(stackId, call);
  if (events.length === 0) return 'unknown';
  const created = events.some(
    ({ status, resourceType, clientRequestToken }) =>
      resourceType === stackType && status === 'CREATE_IN_PROGRESS' && clientRequestToken === token,
  );
  return created ? 'yes' : 'no';
}

/** Whether the stack's last operation is the one that the request of that token began. */
export async function lastWasBegunBy(
  token: string,
  stackId: string,
  { ports, call }: PerformContext,
): Promise<boolean> {
  const events = await ports.cloudformation.stackEvents(stackId, call);
  const last = events.find(
    ({ status, resourceType }) => resourceType === stackType && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(status),
  );
  return last?.clientRequestToken === token;
}
