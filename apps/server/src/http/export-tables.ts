import { HistoryFilter, ListBansInput, type Ban, type HistoryRow } from '@bangui/shared'
import type * as z from 'zod'
import type { Deps } from '../deps.ts'
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

type TableDeps = Pick<Deps, 'archive' | 'host' | 'geo' | 'clock'>

/** The tables by name; `input` is the text of the request. @throws AppError invalid_input */
export const exportTables: Readonly<Record<string, (deps: TableDeps, input: string) => ExportTable>> = {
  bans: (deps, input) => {
    const filter = parseInput(BansFilter, input)
    return tableOf(banColumns, (cursor) => listBans(deps, { ...filter, cursor, limit: PAGE_SIZE }))
  },
  history: (deps, input) => {
    const filter = parseInput(HistoryFilter, input)
    return tableOf(historyColumns, (cursor, signal) =>
      listHistory(deps, { ...filter, cursor, limit: PAGE_SIZE }, signal),
    )
  },
}

const BansFilter = ListBansInput.unwrap().pick({ jail: true, search: true, sort: true })

function parseInput<TInput>(schema: z.ZodType<TInput>, text: string): TInput {
  try {
    return schema.parse(JSON.parse(text || '{}'))
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
