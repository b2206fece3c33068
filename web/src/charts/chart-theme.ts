import { ColorType, type DeepPartial, type ChartOptions } from 'lightweight-charts';
import { utcMinute } from '../format/time-text.ts';

/** Colours of the charts, read from the style sheet, so that light and dark are defined once (styles/tokens.css). */
export interface ChartTheme {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly card: string;
  readonly blue: string;
  readonly good: string;
  readonly bad: string;
  readonly stop: string;
  readonly purple: string;
  readonly teal: string;
  readonly goodSoft: string;
  readonly badSoft: string;
}

export function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    soft: token('soft'),
    line: token('line'),
    card: token('card'),
    blue: token('blue'),
    good: token('good'),
    bad: token('bad'),
    stop: token('stop'),
    purple: token('purple'),
    teal: token('teal'),
    goodSoft: token('good-soft'),
    badSoft: token('bad-soft'),
  };
}

/** Calls back when the reader's system goes light or dark; the function returned ends it. */
export function watchTheme(listener: (theme: ChartTheme) => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const change = (): void => listener(readTheme());
  query.addEventListener('change', change);
  return () => query.removeEventListener('change', change);
}

/** What both charts have in common. The library's logo brings a style element that the page's policy forbids; the footer names it instead. */
export function chartOptions(theme: ChartTheme): DeepPartial<ChartOptions> {
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: theme.card },
      textColor: theme.soft,
      fontFamily: getComputedStyle(document.body).fontFamily,
      attributionLogo: false,
    },
    grid: { vertLines: { color: theme.line }, horzLines: { color: theme.line } },
    rightPriceScale: { borderColor: theme.line },
    timeScale: { borderColor: theme.line, timeVisible: true, secondsVisible: false },
    crosshair: { vertLine: { labelBackgroundColor: theme.blue }, horzLine: { labelBackgroundColor: theme.blue } },
    localization: { locale: 'en-GB', timeFormatter: (time: unknown) => `${utcMinute(Number(time) * 1000)} UTC` },
  };
}
