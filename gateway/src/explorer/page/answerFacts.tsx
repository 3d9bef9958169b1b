import { useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { answers } from './requests';
import type { AnswerFact } from './requests';

/** The line below an answer: its status, time and size. Another tab has another answer, so a change of tab clears it. */
export function AnswerFacts() {
  const activeTabIndex = useGraphiQL((state) => state.activeTabIndex);
  const [fact, setFact] = useState<AnswerFact>();
  useEffect(() => setFact(undefined), [activeTabIndex]);
  useEffect(() => {
    const show = (event: Event) => setFact((event as CustomEvent<AnswerFact>).detail);
    const clear = () => setFact(undefined);
    answers.addEventListener('answer', show);
    answers.addEventListener('cleared', clear);
    return () => {
      answers.removeEventListener('answer', show);
      answers.removeEventListener('cleared', clear);
    };
  }, []);
  return (
    <output id="answer-facts">
      {fact && `Status ${fact.status} · ${Math.round(fact.milliseconds)} ms · ${size(fact.bytes)}`}
    </output>
  );
}

function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
