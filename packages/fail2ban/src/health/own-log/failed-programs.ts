import type { LogRecord } from './log-record.ts'

/** A program that failed and was no action. */
export interface FailedProgram {
  readonly at: number
  /** its first word */
  readonly name: string
  readonly lines: readonly string[]
}

interface Block {
  readonly id: string
  at: number
  command: string
  reason: string
  lines: string[]
}

const MAX_LINE = 1000
const MAX_LINES = 5
const MAX_BLOCKS = 20
/** An action that fails is reported by another line, at once. */
const UNTIL_REPORTED_MS = 1000

const nothing = { reason: '', lines: [] as readonly string[] }

/**
 * Collects what fail2ban logs about a program that failed (`fail2ban.utils`): the command, its error output, how it ended, each
 * in a record of its own with the same mark.
 */
export function createFailedPrograms() {
  let blocks: Block[] = []
  const blockOf = (id: string, at: number): Block => {
    const found = blocks.find((block) => block.id === id)
    if (found) return found
    const made: Block = { id, at, command: '', reason: '', lines: [] }
    blocks = [...blocks, made].slice(-MAX_BLOCKS)
    return made
  }
  const takeOld = (at: number): FailedProgram | undefined => {
    const [oldest] = blocks
    if (!oldest || at - oldest.at < UNTIL_REPORTED_MS) return undefined
    blocks.shift()
    return { at: oldest.at, name: /^\S*/.exec(oldest.command)?.[0] ?? '', lines: oldest.lines }
  }
  return {
    /** Returns a program that failed a while ago and that no action has asked for since; undefined: there is none. */
    takeOld,
    /** Adds a record. */
    add({ logger, level, message }: LogRecord, at: number): void {
      const [, id = '', what = ''] = /^([0-9a-f]{6,20}) -- (.*)$/su.exec(message) ?? []
      if (logger !== 'utils' || level !== 'ERROR' || id === '') return
      const block = blockOf(id, at)
      block.at = at
      block.lines = [...block.lines, what.slice(0, MAX_LINE)].slice(-MAX_LINES)
      const [, command] = /^exec: (.*)$/su.exec(what) ?? []
      const [, errors] = /^stderr: (.*)$/su.exec(what) ?? []
      if (command !== undefined) block.command = command
      else if (errors !== undefined) block.reason = errors.replace(/^b?'(.*)'$/s, '$1').slice(0, MAX_LINE)
      else if (/^(?:timed out|returned|killed)/.test(what)) block.reason ||= what.slice(0, MAX_LINE)
    },
    /** Returns how the last program failed, and forgets it: an action reports it. */
    takeLast(): { readonly reason: string; readonly lines: readonly string[] } {
      const last = blocks.pop()
      return last ? { reason: last.reason, lines: last.lines } : nothing
    },
  }
}
