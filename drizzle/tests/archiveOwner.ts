/** Owns an embedded server that archives, and takes one base backup after the other; says in lines of JSON how it goes. Run by the tests, to be killed. */
import { takeBaseBackup } from '../src/archive/baseBackup.js';
import { startEmbeddedServer } from '../src/embedded/server.js';

const [dataDir = '', settings = '{}'] = process.argv.slice(2);
const say = (message: object) => console.log(JSON.stringify(message));
const server = await startEmbeddedServer({
  dataDir,
  archive: true,
  settings: JSON.parse(settings) as Record<string, string>,
  onStep: (step) => say({ step }),
});
say({ ready: { url: server.operatorUrl(), port: server.port, firstStart: server.firstStart } });
for (;;) {
  if (!server.archive) throw new Error('The server does not archive.');
  await takeBaseBackup({ operatorUrl: server.operatorUrl(), archive: server.archive }).catch((error: Error) =>
    say({ step: error.message }),
  );
}
