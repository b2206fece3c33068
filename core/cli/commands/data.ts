import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import type { Command, CommandEntry } from '../command.ts';
import { usage } from '../command-line.ts';

/** One file each in core/cli/data. */
const SUBCOMMANDS: readonly CommandEntry[] = [
  {
    name: 'download',
    summary: 'bring candles, funding rates, trades of venues into the store, up to date',
    load: async () => (await import('../data/download.ts')).dataDownloadCommand,
  },
  {
    name: 'watch',
    summary: 'record bars of venues as they close, and print them',
    load: async () => (await import('../data/watch-data.ts')).dataWatchCommand,
  },
  {
    name: 'import',
    summary: 'read files of candles, trades or rates into the store',
    load: async () => (await import('../data/import-data.ts')).dataImportCommand,
  },
  {
    name: 'list',
    summary: 'show what is in the store',
    load: async () => (await import('../data/list-series.ts')).dataListCommand,
  },
  {
    name: 'versions',
    summary: 'show the versions of a series that are kept',
    load: async () => (await import('../data/list-versions.ts')).dataVersionsCommand,
  },
  {
    name: 'pin',
    summary: 'name a version, so that it is kept',
    load: async () => (await import('../data/pin-version.ts')).dataPinCommand,
  },
  {
    name: 'diff',
    summary: 'show which rows differ between two versions',
    load: async () => (await import('../data/diff-versions.ts')).dataDiffCommand,
  },
  {
    name: 'export',
    summary: 'write a series as CSV, CSV.gz, Parquet or JSON',
    load: async () => (await import('../data/export-series.ts')).dataExportCommand,
  },
  {
    name: 'check',
    summary: 'compare what is stored with its digests, and repair files',
    load: async () => (await import('../data/check-series.ts')).dataCheckCommand,
  },
  {
    name: 'validate',
    summary: 'check candles of files or of the store, and recorded order books',
    load: async () => (await import('../data/validate-data.ts')).dataValidateCommand,
  },
  {
    name: 'gaps',
    summary: 'show where bars are missing',
    load: async () => (await import('../data/list-gaps.ts')).dataGapsCommand,
  },
  {
    name: 'repair',
    summary: 'apply repairs that "data validate" names; the original stays',
    load: async () => (await import('../data/repair-data.ts')).dataRepairCommand,
  },
  {
    name: 'resample',
    summary: 'make longer candles of shorter ones, or bars of trades',
    load: async () => (await import('../data/resample-data.ts')).dataResampleCommand,
  },
  {
    name: 'combine',
    summary: 'make one series of the bars of several venues',
    load: async () => (await import('../data/combine-data.ts')).dataCombineCommand,
  },
  {
    name: 'align',
    summary: 'put the closes of several markets side by side, as they were known at each bar',
    load: async () => (await import('../data/align-data.ts')).dataAlignCommand,
  },
  {
    name: 'remove',
    summary: 'remove a series with all of its versions',
    load: async () => (await import('../data/remove-series.ts')).dataRemoveCommand,
  },
];

export const dataCommand: Command = {
  name: 'data',
  summary: 'the store of candles, trades and rates: what is there, its versions, export, checks',
  usage: 'data COMMAND [OPTIONS]',
  description:
    'The data store keeps candles, trades and funding rates below .strat/data, each series in versions with a digest. strat data COMMAND --help shows what a command takes; docs/data.md describes the store.',
  options: [],
  examples: [
    'strat data list',
    'strat data diff binance:BTC/USDT',
    'strat data export binance:BTC/USDT btc.csv.gz',
    'strat data validate btc.csv.gz',
  ],
  subcommands: SUBCOMMANDS,
  async run({ args }) {
    const [word] = args;
    const names = SUBCOMMANDS.map(({ name }) => name);
    if (word === undefined) throw usage(`Say what to do: data ${names.join(', ')}`, dataCommand);
    const hint = didYouMean(word, names);
    throw usage(`There is no "data ${word}"${hint === undefined ? '' : `; ${hint}`}`, dataCommand);
  },
};
