import { HistoryFilter, HostScopeInput, ListBansInput, type Ban, type HistoryRow } from '@bangui/shared'
import * as z from 'zod'
import type { ScopeDeps } from '../deps.ts'
import { listBans } from '../features/bans/bans.service.ts'
import { listHistory } from '../features/history/history.service.ts'
import { AppError } from '../lib/errors.ts'
import type { Cell, Columns } from './export-format.ts'

/** Rows that are in memory at once. */
const PAGE_SIZE = 500

/** A table that can be exported, narrowed to what was asked for. */
export interface ExportTable {
  readonly names: readonly string[]
  page(cursor: string | null, signal?: AbortSignal): Promise<ExportPage>
}

export interface ExportPage {
  readonly rows: readonly (readonly Cell[])[]
  readonly nextCursor: string | null
}

type TableDeps = Pick<ScopeDeps, 'archive' | 'scope' | 'isAll' | 'geo' | 'clock'>

/** The fields of a request, of which only the host is known yet. */
type Fields = Readonly<Record<string, unknown>> & { readonly host?: string | undefined }

/** Parses the text of a request. @throws AppError invalid_input */
export function parseFields(text: string): Fields {
  try {
    const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(text || '{}'))
    return { ...fields, host: HostScopeInput.parse(fields).host }
  } catch (error) {
    throw new AppError('invalid_input', {}, { cause: error })
  }
}

/** The tables by name. @throws AppError invalid_input */
export const exportTables: Readonly<Record<string, (deps: TableDeps, fields: Fields) => ExportTable>> = {
  bans: (deps, fields) => {
    const filter = parseInput(BansFilter, fields)
    return tableOf(withHost(deps, banColumns), (cursor) =>
      listBans(deps, { ...filter, cursor, limit: PAGE_SIZE }),
    )
  },
  history: (deps, fields) => {
    const filter = parseInput(HistoryFilter, fields)
    return tableOf(withHost(deps, historyColumns), (cursor, signal) =>
      listHistory(deps, { ...filter, cursor, limit: PAGE_SIZE }, signal),
    )
  },
}

const BansFilter = ListBansInput.unwrap().pick({ jail: true, search: true, origin: true, sort: true })

function parseInput<TInput>(schema: z.ZodType<TInput>, fields: Fields): TInput {
  try {
    return schema.parse(fields)
  } catch (error) {
    throw new AppError('invalid_input', {}, { cause: error })
  }
}

interface Rows<TRow> {
  readonly rows: readonly TRow[]
  readonly nextCursor: string | null
}

function tableOf<TRow>(
  columns: Columns<TRow>,
  list: (cursor: string | null, signal?: AbortSignal) => Promise<Rows<TRow>>,
): ExportTable {
  const fill = Object.values(columns)
  return {
    names: Object.keys(columns),
    async page(cursor, signal) {
      const { rows, nextCursor } = await list(cursor, signal)
      return { rows: rows.map((row) => fill.map((cell) => cell(row))), nextCursor }
    },
  }
}

/** Rows of several hosts begin with theirs. */
const withHost = <TRow extends { readonly host?: string | undefined }>(
  { isAll }: TableDeps,
  columns: Columns<TRow>,
): Columns<TRow> => (isAll ? { host: (row) => row.host ?? null, ...columns } : columns)

const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())

const banColumns: Columns<Ban> = {
  address: (ban) => ban.address,
  jail: (ban) => ban.jail,
  since: (ban) => iso(ban.since),
  until: (ban) => iso(ban.until),
  duration: (ban) => ban.duration,
  country: (ban) => ban.country,
  times: (ban) => ban.times,
  attempts: (ban) => ban.attempts,
  by: (ban) => ban.by.kind,
  byName: (ban) => ban.by.name,
  reason: (ban) => ban.reason,
}

const historyColumns: Columns<HistoryRow> = {
  address: (row) => row.address,
  jail: (row) => row.jail,
  at: (row) => iso(row.at),
  until: (row) => iso(row.until),
  duration: (row) => row.duration,
  active: (row) => row.active,
  endReason: (row) => row.endReason,
  endedBy: (row) => row.endedBy,
  country: (row) => row.country,
  times: (row) => row.times,
  attempts: (row) => row.attempts,
  by: (row) => row.by.kind,
  byName: (row) => row.by.name,
  reason: (row) => row.reason,
}
