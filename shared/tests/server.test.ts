import { createHttpServer } from '@bailiwick/kernel/http';
import { createLog } from '@bailiwick/kernel/process';

test('a client that sends its request too slowly is not waited for, neither for its headers nor for its body', async () => {
  const { server } = await createHttpServer(createLog('test', 'silent'));
  expect(server.requestTimeout).toBe(30_000);
  // Node takes the longer of the two for the whole request.
  expect(server.headersTimeout).toBeLessThanOrEqual(server.requestTimeout);
  expect(server.headersTimeout).toBeGreaterThan(0);
});
