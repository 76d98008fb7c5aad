import { services } from './service-table.ts'

const knownUnits: ReadonlySet<string> = new Set(services.flatMap(({ units }) => units))

/** Returns whether entries of the journal are those of services that BanGUI knows, so that they may be read for a new jail. */
export const isServiceMatch = (matches: string): boolean =>
  matches
    .trim()
    .split(/\s+\+\s+/)
    .every((alternative) => {
      const [first = '', ...rest] = alternative.split(/\s+/)
      return (
        first.startsWith('_SYSTEMD_UNIT=') &&
        knownUnits.has(first.slice('_SYSTEMD_UNIT='.length)) &&
        rest.every((word) => /^_COMM=[\w.-]+$/.test(word))
      )
    })
