import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useIsDark } from '../shell/theme.ts';
import { optionOf } from './chart-option.ts';
import type { Curve } from './curve.ts';

use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** The curve as a picture. */
export default function Chart({ curve }: { readonly curve: Curve }) {
  const place = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = init(place.current);
    const style = getComputedStyle(place.current);
    chart.setOption(optionOf(curve, (name) => style.getPropertyValue(name).trim()));
    const resized = new ResizeObserver(() => {
      chart.resize();
    });
    resized.observe(place.current);
    return () => {
      resized.disconnect();
      chart.dispose();
    };
  }, [curve, isDark]);
  const parts = [
    ...(curve.registers.length > 0 ? ['energy register'] : []),
    ...(curve.powers.length > 0 ? ['power'] : []),
  ];
  return (
    <div
      ref={place}
      className="canvas"
      role="img"
      aria-label={`Curve of ${parts.join(' and ')}; its samples are listed below`}
    />
  );
}
