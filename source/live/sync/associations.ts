import type { Association, AssociationSummary } from '../../identity/facts.ts';
import { subjectText } from '../../identity/scope.ts';
import type { EksPort } from '../../run/ports.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import type { SourceName, SourcePart } from '../store/sources.ts';
import type { SyncContext } from './context.ts';
import { type Ages, OneByOne } from './one-by-one.ts';
import { Poll } from './poll.ts';

/**
 * The associations of one cluster. The list tells neither role nor date (EKS API reference,
 * PodIdentityAssociationSummary), so each association is described as well, and described again: a changed role does
 * not show in the list.
 */
export class AssociationsSync {
  /** The list; every page is shown as it comes. */
  readonly list: Poll;
  readonly described: OneByOne<Association>;
  readonly #context: SyncContext;
  readonly #facts: ClusterFacts;
  readonly #eks: EksPort;
  readonly #arrived: () => void;
  readonly #part: SourcePart;

  /** `arrived` hears when there is something new to describe. */
  constructor(context: SyncContext, eks: EksPort, facts: ClusterFacts, source: SourceName, arrived: () => void) {
    this.#context = context;
    this.#facts = facts;
    this.#eks = eks;
    this.#arrived = arrived;
    this.list = new Poll(context, {
      part: context.store.sources.part(source, 'ListPodIdentityAssociations'),
      read: signal => this.#list(signal),
      failed: (failure, at) => facts.failAssociations(failure, at),
      every: () => context.policy.listAssociations(this.#seen, context.store.fleet),
    });
    this.#part = context.store.sources.part(source, 'DescribePodIdentityAssociation');
    this.described = this.#describer(this.#part);
  }

  get ages(): Ages {
    const { policy, store } = this.#context;
    const { onScreen, other } = policy.describeAssociation;
    const what = this.#seen ? { ...store.fleet, associations: this.#facts.associations.size } : store.fleet;
    return { onScreen, other: other(this.#seen, what) };
  }

  /** Ids of the associations whose rows are on screen, in the order of the screen. */
  get onScreen(): readonly string[] {
    const { associations } = this.#facts;
    return this.#context.attention.rows(this.#facts.ref.arn).flatMap(row => {
      const id = associations.get(row) ? row : associations.idOf(row);
      return id === undefined ? [] : [id];
    });
  }

  get #seen(): boolean {
    return this.#context.attention.opens(this.#facts.ref.arn);
  }

  async #list(signal: AbortSignal): Promise<void> {
    const listed = new Set<string>();
    const priority = this.#seen ? 'visible' : 'background';
    for await (const page of this.#eks.listAssociations(this.#facts.ref.name, {}, { signal, priority })) {
      signal.throwIfAborted();
      for (const summary of page) {
        listed.add(summary.id);
        this.#put(summary);
      }
      this.#arrived();
    }
    signal.throwIfAborted();
    for (const id of [...this.#facts.associations.ids()]) if (!listed.has(id)) this.#gone(id);
    this.#facts.associationsListed(this.#context.clock.now());
    // With nothing to describe, that nothing was described is all there is to know.
    if (listed.size === 0) this.#part.live(this.#context.clock.now());
  }

  #put(summary: AssociationSummary): void {
    const change = this.#facts.putSummary(summary);
    if (change === 'changed') this.described.queue.renew(summary.id);
    this.described.queue.add(summary.id);
    const first = this.#facts.associationsRead.state === 'unread';
    if (change === 'new' && !first) this.#say(`association of ${subjectText(summary)} is new (${summary.id})`);
  }

  #gone(id: string): void {
    this.described.queue.delete(id);
    const before = this.#facts.deleteAssociation(id);
    if (before) this.#say(`association of ${subjectText(before)} is gone (${id})`);
  }

  #describer(part: SourcePart): OneByOne<Association> {
    part.loading();
    return new OneByOne<Association>(this.#context, {
      read: (id, options) => this.#eks.describeAssociation(this.#facts.ref.name, id, options),
      put: (_, association, at) => {
        const change = this.#facts.putAssociation(association, at);
        if (change === 'changed') this.#say(`association of ${subjectText(association)} changed (${association.id})`);
      },
      fail: (id, failure, at) => {
        const before = this.#facts.associations.get(id);
        this.#facts.failAssociation(id, failure, at);
        if (!before || before.described.state === 'failed') return;
        this.#say(`association of ${subjectText(before.summary)} cannot be read: ${failure.message}`, 'warning');
      },
      gone: id => this.#gone(id),
      works: at => part.live(at),
      broken: (failure, retryAt) => part.failed(failure, retryAt),
    });
  }

  #say(text: string, level: 'info' | 'warning' = 'info'): void {
    this.#context.store.say(level, this.#facts.ref.name, text);
  }
}
