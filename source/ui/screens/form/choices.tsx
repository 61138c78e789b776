import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import type { Choice } from '../../state/form-facts.ts';
import { pad } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { useRole, useTheme } from '../../theme/context.ts';

type Props = {
  readonly choices: readonly Choice[];
  readonly picked: number;
  readonly limit: number;
  readonly width: number;
};

const windowStart = (picked: number, size: number, limit: number): number =>
  Math.max(0, Math.min(picked - limit + 1, size - limit));

function Indicator({ isSelected = false }: { readonly isSelected?: boolean }) {
  return <Text {...useRole('accent')}>{isSelected ? '▌ ' : '  '}</Text>;
}

function Item({ isSelected = false, label }: { readonly isSelected?: boolean; readonly label: string }) {
  const theme = useTheme();
  return (
    <Text wrap="truncate" {...(isSelected ? theme.selection : theme.roles.dim)}>
      {label}
    </Text>
  );
}

/**
 * The choices of the focused field. The keys are the app's own: ink-select-input keeps its index in a closure, which
 * loses steps when several keys arrive in one chunk, and selects at once on a digit. It draws, unfocused.
 */
export function Choices({ choices, picked, limit, width }: Props) {
  const theme = useTheme();
  const start = windowStart(picked, choices.length, limit);
  const shown = choices.slice(start, start + limit);
  const below = choices.length - start - shown.length;
  const items = shown.map(choice => ({
    key: choice.value,
    value: choice.value,
    label: `${pad(clean(choice.value), Math.max(10, width - 26), 'left', '…')} ${pad(clean(choice.hint), 20)}`,
  }));
  return (
    <Box flexDirection="column" paddingLeft={19}>
      <SelectInput
        key={`${start}:${picked}:${choices.length}`}
        items={items}
        isFocused={false}
        initialIndex={picked - start}
        indicatorComponent={Indicator}
        itemComponent={Item}
      />
      {below > 0 && <Text {...theme.roles.dim}>{`  … ${below} more`}</Text>}
    </Box>
  );
}
