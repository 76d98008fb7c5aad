import { basename, dirname, join } from 'node:path'
import type { ConfigFolder } from './stage.ts'

/** fail2ban's programs: a name that is looked up in the usual folders, or a path. */
export interface ConfigTools {
  readonly client: string
  /** @default `fail2ban-server` beside the client */
  readonly server?: string
}

/** How long fail2ban may take to read, test or take a configuration, in milliseconds: a busy machine needs many times the usual time. */
export const CONFIG_TIMEOUT_MS = 30_000

/** Returns a sentence about a test of fail2ban that was ended after so many milliseconds. */
export const describeLateTest = (deadline: number): string =>
  `fail2ban’s own test (fail2ban-client -t) did not finish within ${deadline / 1000} s and was ended, so BanGUI cannot tell whether fail2ban accepts the configuration.`

/** The server program that belongs to a client program. */
export function serverProgram({ client, server }: ConfigTools): string {
  if (server !== undefined) return server
  const name = basename(client).replace('client', 'server')
  return client.includes('/') ? join(dirname(client), name) : name
}

/** The program fail2ban-regex that belongs to a client program. */
export function regexProgram({ client }: ConfigTools): string {
  const name = basename(client).replace('client', 'regex')
  return client.includes('/') ? join(dirname(client), name) : name
}

/** The words of a tool fit to show: the live folder instead of the copy, without time and process of each line. */
export function tidyOutput(text: string, { path, configDir }: ConfigFolder): string {
  return text
    .replaceAll(path, configDir)
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d [\d:,]+ +\S+ *\[\d+\]: /, ''))
    .filter((line) => !isNoise(line))
    .join('\n')
    .trim()
}

/** Messages that fail2ban writes for every configuration, or beside the actual reason. */
const isNoise = (line: string) =>
  /^WARNING '\w+' not defined in 'Definition'\. Using default one/.test(line) ||
  /^(?:ERROR:? +)+(?:Init of command line failed|test configuration failed)$/.test(line)
