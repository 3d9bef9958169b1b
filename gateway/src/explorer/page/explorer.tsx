import { createRoot } from 'react-dom/client';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';
import 'graphiql/style.css';
import './explorer.css';
import { AnswerFacts } from './answerFacts';
import { OperationsPlugin } from './operationsPlugin';
import { data } from './pageData';
import { PersonPicker } from './personPicker';
import { fetcher } from './requests';
import { setUpWorkers } from './workers';

setUpWorkers(data.workers);

const search = new URLSearchParams(window.location.search);
/** The operation of the page's address. */
const asked = { query: search.get('query') ?? undefined, variables: search.get('variables') ?? undefined };
const isNarrow = window.matchMedia('(max-width: 700px)').matches;

/** Scrolls the active tab into view. With many tabs it lies outside the row. */
function ActiveTabInView() {
  const activeTabIndex = useGraphiQL((state) => state.activeTabIndex);
  // A title that grows moves the tab.
  const titles = useGraphiQL((state) => state.tabs.map(({ title }) => title).join());
  useEffect(() => {
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [activeTabIndex, titles]);
  return null;
}

function Page() {
  const first = data.operations[0];
  return (
    <main>
      <GraphiQL
        fetcher={fetcher}
        plugins={[OperationsPlugin, HISTORY_PLUGIN]}
        visiblePlugin={isNarrow ? undefined : OperationsPlugin}
        initialQuery={asked.query}
        initialVariables={asked.query && asked.variables}
        defaultTabs={[
          asked.query
            ? { query: asked.query, variables: asked.variables }
            : { query: first?.document ?? null, variables: first?.variables || null },
        ]}
        defaultEditorToolsVisibility="variables"
      >
        <GraphiQL.Logo>
          <span />
        </GraphiQL.Logo>
        <GraphiQL.Footer>
          <AnswerFacts />
          <ActiveTabInView />
          <PersonPicker />
        </GraphiQL.Footer>
      </GraphiQL>
    </main>
  );
}

const sandboxLink = document.getElementById('sandbox-link')!;
if (search.get('sandbox') === 'unreachable') sandboxLink.textContent = 'Apollo Sandbox is unreachable: try again';

createRoot(document.getElementById('explorer')!).render(<Page />);
