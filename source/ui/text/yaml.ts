// A module of its own, so that it can be loaded when it is needed.
import { stringify } from 'yaml';

export const yamlText = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false });
