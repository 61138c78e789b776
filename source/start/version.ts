/** Set by the build from package.json; a run from source says so. */
declare const PODID_TUI_VERSION: string | undefined;

export const version: string = typeof PODID_TUI_VERSION === 'string' ? PODID_TUI_VERSION : '0.0.0-source';
