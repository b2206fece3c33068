import packageJson from '../../package.json' with { type: 'json' };

/** Version of strat, as in package.json. */
export const STRAT_VERSION: string = packageJson.version;
