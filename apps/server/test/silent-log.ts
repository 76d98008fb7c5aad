import type { Logger } from '../src/lib/logger.ts'

export interface LogLine {
  readonly level: string
  readonly event?: string
  readonly [field: string]: unknown
}

/** A logger that keeps its lines for a test to read. */
export function createTestLog(): { log: Logger; lines: LogLine[]; events(level?: string): string[] } {
  const lines: LogLine[] = []
  const write =
    (level: string) =>
    (fields: object): void => {
      lines.push({ level, ...fields })
    }
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  return {
    log: log as unknown as Logger,
    lines,
    events: (level) =>
      lines.filter((line) => !level || line.level === level).map((line) => String(line.event)),
  }
}
