import type { DetailSubject } from '../../state/view.ts';

export type DetailTab = 'summary' | 'trust' | 'policies' | 'pods' | 'used by' | 'sources' | 'facts' | 'events';

/** What there is to see of each kind of thing. */
export function detailTabs(type: DetailSubject['type']): readonly DetailTab[] {
  switch (type) {
    case 'cluster':
      return ['summary', 'sources', 'facts', 'events'];
    case 'role':
      return ['summary', 'trust', 'policies', 'used by', 'facts', 'events'];
    default:
      return ['summary', 'trust', 'pods', 'used by', 'facts', 'events'];
  }
}
