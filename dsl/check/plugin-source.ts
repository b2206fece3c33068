import type { ModuleManifest, ScriptManifest } from '../plugin/indicator-manifest.ts';
import type { StepCode } from '../plugin/step-code.ts';

/** An indicator in JavaScript: typed by its manifest, its code found to be in the allowed subset. */
export interface ScriptPlugin {
  readonly form: 'script';
  readonly manifest: ScriptManifest;
  readonly code: StepCode;
}

/** A module of functions of the language. */
export interface ModulePlugin {
  readonly form: 'module';
  readonly manifest: ModuleManifest;
  readonly text: string;
}

export type IndicatorPlugin = ScriptPlugin | ModulePlugin;

/** A plugin to use, or why there is none: E0703 when the lock file does not have it, E0704 when it is not what was pinned, or not valid. */
export type PluginAnswer =
  | { readonly ok: true; readonly plugin: IndicatorPlugin }
  | { readonly ok: false; readonly code: 'E0703' | 'E0704'; readonly reason: string; readonly hint?: string };

/**
 * How the host finds indicator plugins by their names (`@acme/fisher`, of the form that names have). It checks lock file and hashes, and hands over data:
 * nothing of a plugin ever runs in the compiler.
 */
export type PluginSource = (name: string) => PluginAnswer;
