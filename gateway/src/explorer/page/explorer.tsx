import { createRoot } from 'react-dom/client';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useState } from 'react';
import 'graphiql/style.css';
import './explorer.css';
import { OperationsPlugin } from './operationsPlugin';
import { data } from './pageData';
import { setUpWorkers } from './workers';

setUpWorkers(data.workers);

/** The token of the next request. It is only in memory, so closing the page removes it. */
let currentToken: string | undefined = data.sampleTokens[0]?.token;

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  fetch: (url, options) => {
    const headers = new Headers(options?.headers);
    // A header from the header editor takes precedence.
    if (currentToken && !headers.has('authorization')) headers.set('authorization', `Bearer ${currentToken}`);
    return fetch(url, { ...options, headers, credentials: 'omit' });
  },
});

function Person() {
  const [choice, setChoice] = useState(data.sampleTokens.length > 0 ? '0' : 'none');
  const [pasted, setPasted] = useState('');
  const choose = (value: string) => {
    setChoice(value);
    currentToken = value === 'none' ? undefined : value === 'pasted' ? bare(pasted) : data.sampleTokens[Number(value)].token;
  };
  return (
    <>
      <label>
        Signed in as{' '}
        <select id="person" value={choice} onChange={(event) => choose(event.target.value)}>
          {data.sampleTokens.map(({ label }, index) => (
            <option key={label} value={String(index)}>
              {label}
            </option>
          ))}
          <option value="pasted">another token…</option>
          <option value="none">nobody</option>
        </select>
      </label>
      {choice === 'pasted' && (
        <input
          id="token"
          type="password"
          autoComplete="off"
          placeholder="Paste a token"
          aria-label="Token"
          value={pasted}
          onChange={(event) => {
            setPasted(event.target.value);
            currentToken = bare(event.target.value);
          }}
        />
      )}
    </>
  );
}

function bare(text: string): string | undefined {
  return text.trim().replace(/^Bearer\s+/i, '') || undefined;
}

function Page() {
  const first = data.operations[0];
  return (
    <>
      <header className="bar">
        <strong>Bailiwick</strong>
        <Person />
        <span className="spacer" />
        <a href="/">Apollo Sandbox</a>
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={[OperationsPlugin, HISTORY_PLUGIN]}
          visiblePlugin={OperationsPlugin}
          defaultTabs={[{ query: first?.document ?? null, variables: first?.variables || null }]}
          defaultEditorToolsVisibility="variables"
        >
          <GraphiQL.Logo>
            <span />
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

createRoot(document.getElementById('explorer')!).render(<Page />);
