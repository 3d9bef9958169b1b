// The page around Apollo Sandbox. The token never goes to Apollo: Sandbox runs in a frame of another origin and hands its requests to
// this page, which adds the header and sends them to its own origin.
const data = JSON.parse(document.getElementById('page-data').textContent);
const operationSelect = document.getElementById('operation');
const personSelect = document.getElementById('person');
const tokenInput = document.getElementById('token');
const description = document.getElementById('description');
const target = document.getElementById('sandbox');

function currentToken() {
  if (personSelect.value === 'none') return undefined;
  if (personSelect.value === 'pasted')
    return (
      tokenInput.value
        .trim()
        .replace(/^Bearer\s+/i, '')
        .trim() || undefined
    );
  return data.sampleTokens[Number(personSelect.value)].token;
}

function send(url, options) {
  const headers = new Headers(options.headers);
  const token = currentToken();
  // A header that was written in Sandbox itself comes first.
  if (token !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  return fetch(url, { ...options, headers, credentials: 'omit' });
}

let sandbox;

function open(operation) {
  description.textContent = operation.description;
  if (typeof window.EmbeddedSandbox !== 'function') {
    document.querySelector('#fallback h1').textContent = 'Apollo Sandbox could not be loaded.';
    return;
  }
  sandbox?.dispose();
  target.replaceChildren();
  sandbox = new window.EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: `${window.location.origin}/graphql`,
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    allowDynamicStyles: false,
    initialState: {
      document: operation.document,
      ...(operation.variables && { variables: JSON.parse(operation.variables) }),
      includeCookies: false,
      pollForSchemaUpdates: false,
    },
    handleRequest: send,
  });
}

operationSelect.addEventListener('change', () => open(data.operations.find(({ name }) => name === operationSelect.value)));
personSelect.addEventListener('change', () => {
  tokenInput.hidden = personSelect.value !== 'pasted';
  if (!tokenInput.hidden) tokenInput.focus();
});
tokenInput.hidden = personSelect.value !== 'pasted';
open(data.operations[0]);
