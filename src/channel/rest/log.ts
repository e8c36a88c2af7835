/** Where the channel writes its events; pino fits. Never given a record's content. */
export interface RestLog {
  info(fields: object, event: string): void
  warn(fields: object, event: string): void
  error(fields: object, event: string): void
}
