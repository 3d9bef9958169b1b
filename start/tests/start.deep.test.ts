import { ask, cleanUp, start, temporaryFolder } from './processes.js';

afterAll(cleanUp);

describe('npm start', () => {
  test('recovers by itself from kill -9, with every acknowledged row', async () => {
    const dataDir = await temporaryFolder();
    const killed = start(['--port', '0', '--data-dir', dataDir]);
    await ask(killed, 'mutation { openLegalCase(input: { title: "Survivor" }) { legalCase { id } } }', 'Lawyer');
    killed.child.kill('SIGKILL');
    await killed.ended;

    const again = start(['--port', '0', '--data-dir', dataDir]);
    expect(await ask(again, '{ legalCases(filter: { text: "Survivor" }) { totalCount } }', 'Lawyer')).toEqual({
      data: { legalCases: { totalCount: 1 } },
    });
    again.child.kill('SIGINT');
    await again.ended;
  }, 120_000);
});
