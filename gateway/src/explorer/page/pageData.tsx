interface ExampleOperation {
  name: string;
  kind: 'query' | 'mutation';
  description: string;
  document: string;
  variables: string;
}

interface ExplorerData {
  operations: ExampleOperation[];
  sampleTokens: { label: string; token: string }[];
  workers: Record<'editor' | 'graphql' | 'json', string>;
}

/** The data that the server wrote into the page. */
export const data = JSON.parse(document.getElementById('explorer-data')!.textContent!) as ExplorerData;
