/** Lets the server of this run clean up, and waits until it has. */
export default async function stopTestServer(): Promise<void> {
  const server = globalThis.testServer;
  if (!server || server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.stdin?.end();
  await ended;
  if (server.exitCode !== 0) throw new Error(`The test server ended with exit code ${server.exitCode}.`);
}
