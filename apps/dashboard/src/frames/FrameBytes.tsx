import { useId, useState } from 'react';
import { bytesOf, hexLines } from '../writing/bytes.ts';
import { grouped } from '../writing/decimal.ts';
import { prettyJson } from '../writing/json.ts';

const FORMS = ['JSON', 'Text', 'Hex'] as const;
type Form = (typeof FORMS)[number];
type Props = { readonly text: string | null; readonly bytes: string };

/** A frame may have 4 MiB: so much of it is shown until all of it is asked for. */
const SHOWN_BYTES = 16_384;

/** The bytes as they are in the record: with lines, as text, or each by itself. */
export function FrameBytes({ text, bytes: base64 }: Props) {
  const name = useId();
  const bytes = bytesOf(base64);
  const pretty = text === null ? undefined : prettyJson(text);
  const possible = FORMS.filter(
    (form) => form === 'Hex' || (form === 'Text' ? text !== null : pretty !== undefined),
  );
  const [chosen, setForm] = useState<Form>('JSON');
  const form = possible.includes(chosen) ? chosen : (possible[0] ?? 'Hex');
  const [all, setAll] = useState(false);
  const isCut = !all && bytes.length > SHOWN_BYTES;
  return (
    <div className="bytes">
      <div className="row">
        <fieldset className="segments">
          <legend className="unseen">Show as</legend>
          {possible.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name={name}
                checked={one === form}
                onChange={() => {
                  setForm(one);
                }}
              />
              {one}
            </label>
          ))}
        </fieldset>
        <span className="soft">{grouped(String(bytes.length))} bytes</span>
      </div>
      {form === 'Hex' ? (
        <Hex bytes={isCut ? bytes.subarray(0, SHOWN_BYTES) : bytes} />
      ) : (
        <pre tabIndex={0}>{cut(form === 'JSON' ? (pretty ?? '') : (text ?? ''), isCut)}</pre>
      )}
      {isCut && (
        <button
          type="button"
          className="quiet"
          onClick={() => {
            setAll(true);
          }}
        >
          Show all of it
        </button>
      )}
    </div>
  );
}

const cut = (text: string, isCut: boolean) => (isCut ? `${text.slice(0, SHOWN_BYTES)} …` : text);

function Hex({ bytes }: { readonly bytes: Uint8Array }) {
  return (
    <pre className="hex" tabIndex={0}>
      {hexLines(bytes).map(({ offset, hex, text }) => (
        <span key={offset}>
          <span className="soft">{offset}</span> <span className="hex-bytes">{hex}</span>{' '}
          <span className="soft hex-text">{text}</span>
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
