import type { Ledger, TransactionTruth } from '@chargeproof/simulator';
import type { Figures, TransactionFigure } from './figures.ts';
import { findingsTruth, type Span, uptimeTruth } from './truth.ts';

/**
 * By how much a time may differ each time a connector goes up or down, in seconds: the station knows it
 * before its socket is closed or its message is recorded, and a machine under load is slow to do either.
 * Once more for what is shorter than that, as the moment after a boot in which no status is told yet.
 */
const SECONDS_PER_CHANGE = 1;

/** Every difference between what the API says and what the simulation knows, a line each. */
export function compare(figures: Figures, ledger: Ledger, period: Span): readonly string[] {
  return [
    ...framesApart(figures, ledger),
    ...energyApart(figures, ledger),
    ...uptimeApart(figures, ledger, period),
    ...findingsApart(figures, ledger),
    ...completenessApart(figures, ledger),
  ];
}

function framesApart({ frames }: Figures, ledger: Ledger): readonly string[] {
  const sent = ledger.sentByStation();
  const stations = new Set([...sent.keys(), ...Object.keys(frames.byStation)]);
  return [...stations].flatMap((station) =>
    differ(`frames of ${station}`, frames.byStation[station] ?? 0, sent.get(station) ?? 0),
  );
}

function energyApart({ transactions }: Figures, ledger: Ledger): readonly string[] {
  const known = new Map(ledger.transactions.map((truth) => [nameOf(truth), truth]));
  const shown = new Map(transactions.map((figure) => [nameOf(figure), figure]));
  const names = transactions.map(nameOf);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...[...new Set([...known.keys(), ...shown.keys()])].flatMap((name) =>
      differ(`energy of ${name}, in mWh`, shownEnergy(shown.get(name)), knownEnergy(known.get(name))),
    ),
    ...twice.map((name) => `${name}: the API has it more than once.`),
  ];
}

type Named = {
  readonly station: string;
  readonly connector: number | null;
  readonly transactionId: string | number | null | undefined;
};
const nameOf = ({ station, connector, transactionId }: Named) =>
  `${station}/${connector ?? '?'} transaction ${String(transactionId ?? 'without an id')}`;

const knownEnergy = (truth: TransactionTruth | undefined) =>
  truth === undefined ? 'no such transaction' : String(truth.energyWh * 1000);

function shownEnergy(figure: TransactionFigure | undefined): string {
  if (figure === undefined) return 'no such transaction';
  return figure.energyWh === null ? 'nothing' : milliWattHours(figure.energyWh);
}

/** Wh as a decimal, in mWh, exactly; what is finer than that stays to be seen. */
function milliWattHours(decimal: string): string {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (whole === '') return decimal;
  const finer = part.slice(3).replace(/0+$/, '');
  return `${sign}${BigInt(whole + part.slice(0, 3).padEnd(3, '0'))}${finer === '' ? '' : `.${finer}`}`;
}

function uptimeApart({ uptime }: Figures, ledger: Ledger, period: Span): readonly string[] {
  return uptimeTruth(ledger, period).flatMap(({ station, connector, upSeconds, downSeconds, changes }) => {
    const name = `${station}/${connector}`;
    const figure = uptime.find((one) => one.station === station && one.connector === connector);
    if (figure === undefined) return [`uptime of ${name}: the API says nothing.`];
    const tolerance = SECONDS_PER_CHANGE * (changes + 1);
    return [
      ...differ(`seconds up of ${name}`, figure.upSeconds, upSeconds, tolerance),
      ...differ(`seconds down of ${name}`, figure.downSeconds, downSeconds, tolerance),
      ...differ(`seconds unknown of ${name}`, figure.unknownSeconds, 0, tolerance),
    ];
  });
}

function findingsApart({ conformance }: Figures, ledger: Ledger): readonly string[] {
  const expected = findingsTruth(ledger);
  const seeded = expected.flatMap(({ station, rule, count }) => {
    const figure = conformance.find((one) => one.station === station && one.kind === rule);
    return differ(`findings ${rule} of ${station}`, figure?.count ?? 0, count);
  });
  const others = conformance.filter(
    ({ station, kind, severity }) =>
      severity === 'error' && !expected.some((one) => one.station === station && one.rule === kind),
  );
  return [
    ...seeded,
    ...others.flatMap(({ station, kind, count }) => differ(`findings ${kind} of ${station}`, count, 0)),
  ];
}

function completenessApart({ completeness }: Figures, ledger: Ledger): readonly string[] {
  return [...ledger.sentByStation().keys()].flatMap((station) => {
    const figure = completeness.find((one) => one.station === station);
    if (figure?.complete === true) return [];
    const gaps = figure?.gaps.map(({ kind, reason }) => `${kind} (${reason})`).join(', ') ?? 'nothing of it';
    return [`record of ${station}: the API says incomplete: ${gaps}; the ledger says complete.`];
  });
}

function differ<Value extends number | string>(
  what: string,
  shown: Value,
  known: Value,
  tolerance = 0,
): readonly string[] {
  const isSame =
    typeof shown === 'number' && typeof known === 'number'
      ? Math.abs(shown - known) <= tolerance
      : shown === known;
  return isSame ? [] : [`${what}: the API says ${shown}, the ledger says ${known}.`];
}
