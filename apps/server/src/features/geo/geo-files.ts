import type { GeoStatus } from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'
import { openBundledFile } from './bundled-file.ts'
import { createGeoFile } from './geo-file.ts'
import { UNKNOWN_PLACE, type Mmdb, type Place } from './mmdb.ts'

/** The places of addresses from files. */
export interface GeoFiles {
  /** Returns the place from the user's file, else from the bundled one. */
  find(address: string): Place
  /** where the answers come from; `none`: no file can be used */
  status(): GeoStatus & { provider: 'file' | 'bundled' | 'none' }
  /** Looks whether the user's file changed. */
  check(): Promise<void>
  close(): void
}

export interface GeoFilesOptions {
  /** the user's own file */
  readonly path: string | null
  readonly log: Logger
  readonly openBundled?: () => Mmdb
}

/** Creates {@link GeoFiles}; nothing is read before it is needed. */
export function createGeoFiles({ path, log, openBundled = openBundledFile }: GeoFilesOptions): GeoFiles {
  const own = path === null ? undefined : createGeoFile(path, log)
  let opened: { readonly mmdb: Mmdb | undefined } | undefined
  const bundled = () => (opened ??= { mmdb: open(openBundled, log) }).mmdb

  return {
    find(address) {
      const first = findIn(own?.current(), address)
      if (first.country !== null) return first
      return { ...first, country: findIn(bundled(), address).country }
    },
    status() {
      const mine = own?.current()
      if (mine) {
        const message = own?.problem() ?? `${path}, built ${dayOf(mine.builtAt)}.`
        return { provider: 'file', message, builtAt: mine.builtAt, hasNetworks: mine.hasNetworks }
      }
      const base = bundled()
      const problem = own ? `${own.problem() ?? ''} ` : ''
      if (!base) return { ...absent, message: `${problem}The bundled database cannot be read.` }
      const message = `${problem}The bundled database of countries, built ${dayOf(base.builtAt)}.`
      return { provider: 'bundled', message, builtAt: base.builtAt, hasNetworks: base.hasNetworks }
    },
    check: async () => own?.check(),
    close: () => own?.close(),
  }
}

const absent = { provider: 'none', builtAt: null, hasNetworks: false } as const

function open(openBundled: () => Mmdb, log: Logger): Mmdb | undefined {
  try {
    return openBundled()
  } catch (error) {
    log.warn(
      { event: 'geo_bundled_unusable', err: error },
      'the bundled database of countries cannot be read',
    )
    return undefined
  }
}

function findIn(mmdb: Mmdb | undefined, address: string): Place {
  try {
    return mmdb?.find(address) ?? UNKNOWN_PLACE
  } catch {
    // a damaged record: that address is not known
    return UNKNOWN_PLACE
  }
}

const dayOf = (time: number) =>
  Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : 'some day'
