import { createContext, useContext } from 'react';
import { type Role, type Style, type Theme, themeOf } from './theme.ts';

export const ThemeContext = createContext<Theme>(themeOf('dark', '16'));

export const useTheme = (): Theme => useContext(ThemeContext);

/** The style of a role, ready to spread into a `Text`. */
export const useRole = (role: Role): Style => useTheme().roles[role];
