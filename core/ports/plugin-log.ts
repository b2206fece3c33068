/** Data of a log line; secrets are taken out before it is written. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log as a plugin sees it: every line carries the plugin's id. Messages are constants, what varies goes into fields. */
export interface PluginLog {
  readonly debug: (fields: LogFields, message: string) => void;
  readonly info: (fields: LogFields, message: string) => void;
  readonly warn: (fields: LogFields, message: string) => void;
  readonly error: (fields: LogFields, message: string) => void;
}
