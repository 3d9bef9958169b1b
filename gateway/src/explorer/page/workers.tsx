/** Tells the editor where its workers are: by default it would look for them beside a script that is not there. */
export function setUpWorkers(workers: Record<'editor' | 'graphql' | 'json', string>): void {
  (globalThis as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
    getWorker(_id: string, label: string) {
      const url = label === 'graphql' || label === 'json' ? workers[label] : workers.editor;
      return new Worker(url, { type: 'module' });
    },
  };
}
