export type NotificationLevel = 'info' | 'warning' | 'error';

/** Something a person should hear of. Texts are plain: a notifier escapes them for its channel. */
export interface Notification {
  /** Equal for what is the same message: a retry must not become a second one. */
  readonly key: string;
  readonly level: NotificationLevel;
  /** Id of the strategy; null for the bot as a whole. */
  readonly strategy: string | null;
  readonly title: string;
  readonly text: string;
  /** Ms since the epoch. */
  readonly time: number;
}

/** A way to reach people. A failure of it never reaches the trading: the caller logs a rejected promise and goes on. */
export interface NotifierPort {
  readonly notify: (notification: Notification, signal: AbortSignal) => Promise<void>;
}
