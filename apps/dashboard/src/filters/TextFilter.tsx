import { useEffect, useState } from 'react';
import { useParameter } from '../scope/use-scope.ts';

/** Milliseconds without a keystroke before it is asked for. */
const REST = 300;

type Props = { readonly name: string; readonly label: string; readonly list?: string };

/** One word of a filter: written at once, asked for when the person rests. */
export function TextFilter({ name, label, list }: Props) {
  const [value, setValue] = useParameter(name);
  const [written, setWritten] = useState(value);
  const [known, setKnown] = useState(value);
  // Back and forward change it, too.
  if (value !== known) {
    setKnown(value);
    setWritten(value);
  }
  useEffect(() => {
    if (written.trim() === value) return undefined;
    const timer = setTimeout(() => {
      setKnown(written.trim());
      setValue(written.trim());
    }, REST);
    return () => {
      clearTimeout(timer);
    };
  }, [written, value, setValue]);
  return (
    <label>
      <span className="unseen">{label}</span>
      <input
        type="search"
        placeholder={label}
        list={list}
        value={written}
        onChange={({ target }) => {
          setWritten(target.value);
        }}
      />
    </label>
  );
}
