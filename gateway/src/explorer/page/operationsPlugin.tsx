import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { GraphiQLPlugin } from '@graphiql/react';
import { data } from './pageData';

/** The side panel with the example operations. A click opens an operation in a new tab, or switches to its tab. */
export const OperationsPlugin: GraphiQLPlugin = { title: 'Example operations', icon: Icon, content: Panel };

function Panel() {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  // The panel waits for the editors, because a tab opened before them would stay empty.
  const isReady = queryEditor !== undefined && variableEditor !== undefined;
  const open = (document: string, variables: string) => {
    const already = tabs.findIndex((tab) => tab.query === document);
    if (already >= 0) {
      changeTab(already);
      return;
    }
    addTab();
    queryEditor?.setValue(document);
    variableEditor?.setValue(variables);
  };

  return (
    <section className="operations" aria-label="Example operations">
      <h2>Example operations</h2>
      <ul>
        {data.operations.map(({ name, kind, description, document, variables }) => (
          <li key={name}>
            <button type="button" disabled={!isReady} data-operation={name} onClick={() => open(document, variables)}>
              <strong>{name}</strong>
              {kind === 'mutation' && <em>writes</em>}
              <span>{description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Icon() {
  return (
    <svg height="1em" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 5h16M4 12h16M4 19h10" strokeLinecap="round" />
    </svg>
  );
}
