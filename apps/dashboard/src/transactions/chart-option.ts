import type { EChartsCoreOption } from 'echarts/core';
import { tickText, timeText } from '../writing/time.ts';
import type { Curve, Point } from './curve.ts';

type Hovered = { readonly seriesName: string; readonly data: readonly [number, number, string] };

/** @param colour reads a custom property of the page, so that the picture has the page's colours */
export function optionOf({ registers, powers }: Curve, colour: (name: string) => string): EChartsCoreOption {
  const [text, soft, line] = [colour('--text'), colour('--soft'), colour('--line')];
  const axis = {
    axisLabel: { color: soft },
    axisLine: { lineStyle: { color: line } },
    nameTextStyle: { color: soft },
  };
  const span = spanOf([...registers, ...powers]);
  const has = { registers: registers.length > 0, powers: powers.length > 0 };
  return {
    animation: false,
    textStyle: { fontFamily: colour('--font') || 'system-ui' },
    grid: { left: 8, right: 8, top: 44, bottom: 8, outerBoundsMode: 'same' },
    legend: { top: 0, left: 0, textStyle: { color: text }, selectedMode: false },
    tooltip: {
      trigger: 'axis',
      // As HTML it would bring styles of its own, which the page's policy forbids.
      renderMode: 'richText',
      backgroundColor: colour('--surface'),
      borderColor: line,
      textStyle: { color: text },
      formatter: (hovered: readonly Hovered[]) => hoverText(hovered),
    },
    xAxis: {
      type: 'time',
      ...axis,
      axisLabel: { color: soft, hideOverlap: true, formatter: (at: number) => tickText(at, span) },
      splitLine: { show: false },
    },
    yAxis: [
      {
        type: 'value',
        name: 'kWh',
        scale: true,
        show: has.registers,
        ...axis,
        splitLine: { lineStyle: { color: line } },
      },
      { type: 'value', name: 'kW', show: has.powers, position: 'right', ...axis, splitLine: { show: false } },
    ],
    series: [
      ...(has.registers ? [series('Energy register', 0, registers, colour('--accent'))] : []),
      ...(has.powers ? [series('Power', 1, powers, colour('--second'), true)] : []),
    ],
  };
}

const series = (
  name: string,
  yAxisIndex: number,
  points: readonly Point[],
  color: string,
  dashed = false,
) => ({
  name,
  type: 'line',
  yAxisIndex,
  data: points.map(({ at, value, text }) => [at, value, text]),
  showSymbol: points.length < 60,
  symbol: dashed ? 'diamond' : 'circle',
  symbolSize: 6,
  color,
  lineStyle: { width: 2, type: dashed ? 'dashed' : 'solid' },
});

/** Milliseconds between the first of them and the last. */
function spanOf(points: readonly Point[]): number {
  const times = points.map(({ at }) => at);
  return Math.max(...times) - Math.min(...times);
}

/** The values as sent. */
function hoverText(hovered: readonly Hovered[]): string {
  const [first] = hovered;
  if (first === undefined) return '';
  const lines = hovered.map(({ seriesName, data: [, , sent] }) => `${seriesName}: ${sent}`);
  return [timeText(new Date(first.data[0]).toISOString()), ...lines].join('\n');
}
