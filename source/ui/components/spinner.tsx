import { Text, useAnimation } from 'ink';
import { useTheme } from '../theme/context.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Only while work is under way: an animation is what costs an idle terminal app most. */
export function Spinner() {
  const { frame } = useAnimation({ interval: 160 });
  return <Text {...useTheme().roles.info}>{frames[frame % frames.length]}</Text>;
}
