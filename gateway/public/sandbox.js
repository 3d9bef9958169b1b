// The page around Apollo Sandbox. The token never goes to Apollo: Sandbox runs in a frame of another origin and hands its requests to
// this page, which adds the header and sends them to its own origin.
const sandboxScript = document.currentScript.dataset.sandbox;
const data = JSON.parse(document.getElementById('page-data').textContent);
const operationSelect = document.getElementById('operation');
const personSelect = document.getElementById('person');
const tokenInput = document.getElementById('token');
const description = document.getElementById('description');
const target = document.getElementById('sandbox');

// The explorer reads the same keys. The name lasts, so that a reload keeps the person; a pasted token is gone with the browser tab.
const personKey = 'bailiwick.person';
const tokenKey = 'bailiwick.token';

function currentToken() {
  if (personSelect.value === 'pasted') return tokenInput.value.trim().replace(/^Bearer\s+/i, '') || undefined;
  return data.sampleTokens.find(({ label }) => label === personSelect.value)?.token;
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

// A firewall may drop Apollo's packets without a word, so the script has a deadline.
const deadline = setTimeout(showExplorer, 5_000);

function showExplorer() {
  clearTimeout(deadline);
  const address = new URL('/explorer', window.location.href);
  address.search = window.location.search;
  address.searchParams.set('sandbox', 'unreachable');
  window.location.replace(address);
}

function loadSandbox() {
  const script = document.createElement('script');
  script.src = sandboxScript;
  script.addEventListener('error', showExplorer);
  script.addEventListener('load', () => {
    clearTimeout(deadline);
    open(data.operations[0]);
    operationSelect.disabled = false;
  });
  document.head.append(script);
}

function restorePerson() {
  const remembered = localStorage.getItem(personKey);
  if (remembered !== null) personSelect.value = remembered;
  // A remembered person whom the server no longer offers is nobody.
  if (personSelect.selectedIndex < 0) personSelect.value = 'nobody';
  tokenInput.value = sessionStorage.getItem(tokenKey) ?? '';
  tokenInput.hidden = personSelect.value !== 'pasted';
}

operationSelect.disabled = true;
operationSelect.addEventListener('change', () => open(data.operations.find(({ name }) => name === operationSelect.value)));
personSelect.addEventListener('change', () => {
  localStorage.setItem(personKey, personSelect.value);
  tokenInput.hidden = personSelect.value !== 'pasted';
  if (!tokenInput.hidden) tokenInput.focus();
});
tokenInput.addEventListener('input', () => sessionStorage.setItem(tokenKey, tokenInput.value));
restorePerson();
// The browser may have the script in its cache, but not the frame that it opens.
if (navigator.onLine) loadSandbox();
else showExplorer();
