import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { answers } from './requests';
import { data } from './pageData';
import { choosePerson, chosenPerson, nobody, pasted, pastedToken, pasteToken } from './person';

const place = document.getElementById('person-place')!;

/** The choice of the person, in the bar at the top. It stands inside GraphiQL to clear the answers of the person before. */
export function PersonPicker() {
  const { moveTab, stop, updateActiveTabValues } = useGraphiQLActions();
  const { tabs, activeTabIndex, responseEditor } = useGraphiQL((state) => state);
  const [choice, setChoice] = useState(chosenPerson);
  const [token, setToken] = useState(pastedToken);

  const clearAnswers = () => {
    stop();
    // The active tab keeps its identity, because moveTab finds it by that.
    moveTab(tabs.map((tab, index) => (index === activeTabIndex ? tab : { ...tab, response: null })));
    updateActiveTabValues({ response: null });
    responseEditor?.setValue('');
    answers.dispatchEvent(new Event('cleared'));
  };
  const choose = (value: string) => {
    choosePerson(value);
    setChoice(value);
    clearAnswers();
  };
  return createPortal(
    <>
      <label>
        Signed in as{' '}
        <select id="person" value={choice} onChange={(event) => choose(event.target.value)}>
          {data.sampleTokens.map(({ label }) => (
            <option key={label} value={label}>
              {label}
            </option>
          ))}
          <option value={pasted}>another token…</option>
          <option value={nobody}>nobody</option>
        </select>
      </label>
      {choice === pasted && (
        <input
          id="token"
          type="password"
          autoComplete="off"
          placeholder="Paste a token"
          aria-label="Token"
          value={token}
          onChange={(event) => {
            pasteToken(event.target.value);
            setToken(event.target.value);
            clearAnswers();
          }}
        />
      )}
    </>,
    place,
  );
}
