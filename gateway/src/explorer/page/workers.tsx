/** Tells the editor the URLs of its workers. Its default is a path that this server does not have. */
export function setUpWorkers(workers: Record<'editor' | 'graphql' | 'json', string>): void {
  (globalThis as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
    getWorker(_id: string, label: string) {
      const url = label === 'graphql' || label === 'json' ? workers[label] : workers.editor;
      return new Worker(url, { type: 'module' });
    },
  };
}
