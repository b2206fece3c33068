/**
 * Texts of the engine's modules without their types, by their place below core/. Here are none: `scripts/build-cli.ts` puts them into the bundled command line, as Node
 * takes longer to remove the types than a short backtest takes, and needs WebAssembly for it.
 */
export const ENGINE_TEXTS: ReadonlyMap<string, string> = new Map();
