/** The least that an app drawn by Ink can take: one word, bundled as the app is. */
import { render, Text } from 'ink';

render(<Text>podid-tui</Text>, { alternateScreen: true, patchConsole: false, interactive: true });
// Until it is killed, as an app that waits for keys.
setInterval(() => {}, 1_000);
