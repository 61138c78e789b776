import { Text } from 'ink';
import { useUi } from '../hooks/use-app.ts';
import type { Frame } from '../state/state.ts';
import { clusterName, viewCluster, viewLabel } from '../state/view.ts';
import { cells } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import { useTheme } from '../theme/context.ts';

/** One label a place, and one for the cluster where the way enters it. */
function crumbs(stack: readonly Frame[]): string[] {
  let inside: string | undefined;
  return stack.flatMap(({ view }) => {
    const cluster = viewCluster(view);
    const label = viewLabel(view);
    const name = cluster === undefined || cluster === inside ? undefined : clusterName(cluster);
    if (cluster !== undefined) inside = cluster;
    // What is shown may be the cluster itself.
    return name === undefined || name === label ? [label] : [name, label];
  });
}

/** The way here: `<clusters> <prod-eu-1> <associations>`, the last one marked. */
export function Crumbs() {
  const theme = useTheme();
  const stack = useUi(state => state.stack);
  const columns = useUi(state => state.columns);
  const labels = crumbs(stack).map(label => `<${clean(label)}>`);
  // The end of the way matters most: the beginning goes when there is no room.
  while (labels.length > 1 && cells(labels.join(' ')) > columns - 2) labels.shift();
  const last = labels.pop() ?? '';
  return (
    <Text wrap="truncate">
      <Text {...theme.roles.dim}>{` ${labels.map(label => `${label} `).join('')}`}</Text>
      <Text {...theme.roles.crumb}>{last}</Text>
    </Text>
  );
}
