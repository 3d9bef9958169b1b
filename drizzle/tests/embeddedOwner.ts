/** Owns an embedded server in a process of its own and says in lines of JSON how it goes; SIGINT stops it. Run by the tests. */
import { startEmbeddedServer } from '../src/embedded/server.js';

const [dataDir = '', settings = '{}'] = process.argv.slice(2);
const say = (message: object) => console.log(JSON.stringify(message));

try {
  const server = await startEmbeddedServer({
    dataDir,
    settings: JSON.parse(settings) as Record<string, string>,
    onStep: (step) => say({ step }),
  });
  const keepsRunning = setInterval(() => undefined, 1_000);
  process.once('SIGINT', () => {
    clearInterval(keepsRunning);
    void server.stop();
  });
  say({ ready: { url: server.operatorUrl(), port: server.port, firstStart: server.firstStart } });
} catch (error) {
  const { code, message, hint } = error as Error & { code: string; hint?: string };
  say({ error: { code, message, hint } });
  process.exitCode = 1;
}
