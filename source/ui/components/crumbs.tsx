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

/** Those that there is room for; the end of the way matters most. */
function labelsIn(stack: readonly Frame[], columns: number): readonly string[] {
  const labels = crumbs(stack).map(label => `<${clean(label)}>`);
  while (labels.length > 1 && cells(labels.join(' ')) > columns - 2) labels.shift();
  return labels;
}

/** The way here: `<clusters> <prod-eu-1> <associations>`, the last one marked. */
export function Crumbs() {
  const theme = useTheme();
  // As one text: places remember their cursors, so that the way is another object with each step of one.
  const way = useUi(state => labelsIn(state.stack, state.columns).join('\n')).split('\n');
  const last = way.pop() ?? '';
  return (
    <Text wrap="truncate">
      <Text {...theme.roles.dim}>{` ${way.map(label => `${label} `).join('')}`}</Text>
      <Text {...theme.roles.crumb}>{last}</Text>
    </Text>
  );
}
