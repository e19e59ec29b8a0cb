import { useParameter } from '../scope/use-scope.ts';

type Props = {
  /** The URL's parameter. */
  readonly name: string;
  readonly label: string;
  /** What is shown where nothing is chosen. */
  readonly all: string;
  /** Value in the URL, and its words. */
  readonly choices: Readonly<Record<string, string>>;
};

/** One of a few. */
export function ChoiceFilter({ name, label, all, choices }: Props) {
  const [value, setValue] = useParameter(name);
  return (
    <label>
      <span className="unseen">{label}</span>
      <select
        value={value}
        onChange={({ target }) => {
          setValue(target.value);
        }}
      >
        <option value="">{all}</option>
        {Object.entries(choices).map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
