import { Text, useAnimation } from 'ink';
import { useUi } from '../hooks/use-app.ts';
import { useTheme } from '../theme/context.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Only while work is under way: an animation is what costs an idle terminal app most. */
export function Spinner() {
  const still = useUi(state => state.still);
  const { frame } = useAnimation({ interval: 160, isActive: !still });
  return <Text {...useTheme().roles.info}>{still ? '◌' : frames[frame % frames.length]}</Text>;
}
