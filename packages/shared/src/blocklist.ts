import * as z from 'zod'
import { Limit, OperationId } from './ban.ts'
import { cleanText } from './clean-text.ts'
import { JailName } from './jail-name.ts'
import { Count, Time } from './time.ts'
import { TimeZone } from './time-zone.ts'

/** The most entries that a list can have; a longer one is refused, not cut. */
export const MAX_LIST_ENTRIES = 1_000_000

/** The most bytes of a list, as it comes and unpacked. */
export const MAX_LIST_BYTES = 128 * 2 ** 20

/** The most bytes of an uploaded file. It may be packed: 3 MB hold about a million addresses then. */
export const MAX_UPLOAD_BYTES = 3_000_000

/** A list with less than this share of its former entries, or more than the second, waits until somebody confirms it. */
export const MIN_SHARE_OF_FORMER = 0.2
export const MAX_SHARE_OF_FORMER = 5

/** `plain`: one address, network or range a line, whatever follows it; `hosts`: as in /etc/hosts; `csv`: a table. */
export const ListFormat = z.enum(['auto', 'plain', 'hosts', 'csv'])
export type ListFormat = z.infer<typeof ListFormat>

/** What a text turned out to be. `html`, `json` and `binary` are no lists; `empty` has no line with a content. */
export const FoundFormat = z.enum(['plain', 'hosts', 'csv', 'html', 'json', 'binary', 'empty'])
export type FoundFormat = z.infer<typeof FoundFormat>

/** A column of a table. */
export const ListColumn = z.object({
  /** from 1 */
  column: z.int().min(1),
  /** the values of its first lines */
  examples: z.array(z.string()),
  /** the share of its first lines that has addresses, 0 to 1 */
  addresses: z.number(),
})
export type ListColumn = z.infer<typeof ListColumn>

/** What a list looks like. */
export const ListLook = z.object({
  format: FoundFormat,
  /** a sentence, such as “Looks like CSV, addresses in column 2.” */
  words: z.string(),
  /** of a table: the column with the addresses, from 1 */
  column: z.int().nullable(),
  /** of a table */
  columns: z.array(ListColumn),
})
export type ListLook = z.infer<typeof ListLook>

/** When a blocklist is fetched: every N hours (`6h`), or as cron writes it, with five fields. */
export const BlocklistSchedule = z
  .string()
  .trim()
  .max(100)
  .regex(
    /^(?:(?:[1-9]|[1-9]\d|[1-6]\d\d|7[0-3]\d|74[0-4])h|\S+(?:[ \t]+\S+){4})$/,
    'Enter a number of hours such as 6h, or five fields as in a crontab.',
  )

const ListName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(100)
  .regex(/^[^\p{C}]*$/u, 'The name must not contain line breaks.')

const ListUrl = z.url({ protocol: /^https?$/, error: 'Enter an http or https address.' }).max(2_000)

/** What is shown of a file: its name alone, without a path and without characters that are not seen. */
const FileName = z
  .string()
  .max(255)
  .transform((name) => cleanText(name).split(/[/\\]/).at(-1) || 'file')

const Upload = z.object({
  name: FileName,
  /** base64 */
  content: z
    .base64()
    .max(Math.ceil(MAX_UPLOAD_BYTES / 3) * 4, 'The file is larger than 3 MB. Pack it with gzip first.'),
})

const blocklistFields = {
  name: ListName,
  /** null, or absent with an upload: an uploaded file */
  url: ListUrl.nullish(),
  upload: Upload.optional(),
  jail: JailName,
  /** null: only when somebody asks for it */
  schedule: BlocklistSchedule.nullish(),
  /** the time zone of a schedule as cron writes it @default UTC */
  zone: TimeZone.optional(),
  enabled: z.boolean().optional(),
  format: ListFormat.optional(),
  /** of a table: the column with the addresses, from 1; null: the one that is found */
  column: z.int().min(1).max(1_000).nullish(),
  /** ends bans that this blocklist made, that nobody else holds, and that a later version of it no longer lists */
  unbanRemoved: z.boolean().optional(),
}

const oneOrigin = ({ url, upload }: { url?: string | null | undefined; upload?: unknown }) =>
  (url ?? null) === null ? upload !== undefined : upload === undefined

const ONE_ORIGIN = { path: ['url'], message: 'Enter an address or upload a file.' }

export const AddBlocklistInput = z.object(blocklistFields).refine(oneOrigin, ONE_ORIGIN)
export type AddBlocklistInput = z.infer<typeof AddBlocklistInput>

export const UpdateBlocklistInput = z
  .object(blocklistFields)
  .partial()
  .extend({ id: z.int() })
  .refine(({ url, upload }) => typeof url !== 'string' || upload === undefined, ONE_ORIGIN)
export type UpdateBlocklistInput = z.infer<typeof UpdateBlocklistInput>

export const BlocklistIdInput = z.object({ id: z.int() })
export const ImportBlocklistInput = BlocklistIdInput.extend({ operationId: OperationId.optional() })
export type ImportBlocklistInput = z.infer<typeof ImportBlocklistInput>

/** A stored blocklist as it is (`id`), a stored one with other settings, or one that is not stored yet. */
export const PreviewBlocklistInput = z
  .object(blocklistFields)
  .omit({ name: true, enabled: true, unbanRemoved: true })
  .partial()
  .extend({ id: z.int().optional() })
  .refine((input) => input.id !== undefined || (oneOrigin(input) && input.jail !== undefined), ONE_ORIGIN)
export type PreviewBlocklistInput = z.infer<typeof PreviewBlocklistInput>

export const BlocklistRunsInput = z.object({ id: z.int().optional(), limit: Limit }).prefault({})

/** What keeps a list from doing what it should, or makes it slow. */
export const BlocklistWarning = z.object({
  code: z.enum([
    'rarely_protects',
    'jail_missing',
    'set_too_small',
    'networks_not_held',
    'slow_restart',
    'allow_list',
  ]),
  /** a sentence for people */
  message: z.string(),
})
export type BlocklistWarning = z.infer<typeof BlocklistWarning>

/** A version of a list that is held back: it is suspiciously small or large. */
export const HeldVersion = z.object({ at: Time, entries: Count, formerEntries: Count })
export type HeldVersion = z.infer<typeof HeldVersion>

/** A list of addresses that are banned in a jail. */
export const Blocklist = z.object({
  /** the key of its host, where a list is about several */
  host: z.string().optional(),
  id: z.int(),
  name: z.string(),
  /** null: an uploaded file; without user, password and query for those who may not change it */
  url: z.string().nullable(),
  upload: z.object({ name: z.string(), bytes: Count, at: Time }).nullable(),
  jail: z.string(),
  schedule: z.string().nullable(),
  zone: z.string(),
  enabled: z.boolean(),
  format: ListFormat,
  column: z.int().nullable(),
  unbanRemoved: z.boolean(),
  /** the run under way; null: there is none */
  running: z.object({ runId: z.int(), operation: z.string().nullable() }).nullable(),
  held: HeldVersion.nullable(),
  /** when it was fetched last, with or without success; null: never */
  lastTriedAt: Time.nullable(),
  /** when its entries changed last */
  lastChangedAt: Time.nullable(),
  /** why the last try failed, as a sentence; null: it did not */
  lastError: z.string().nullable(),
  /** the next times of its schedule, five at most; empty: it has none, or is off */
  nextRuns: z.array(Time),
  /** of the version that was imported last; null: none was */
  look: ListLook.nullable(),
  entries: Count.nullable(),
  /** bans in force that it made */
  inForce: Count,
  createdAt: Time,
  createdBy: z.string(),
  warnings: z.array(BlocklistWarning),
})
export type Blocklist = z.infer<typeof Blocklist>

/** `unchanged`: the list has not changed, and its bans are in force; `held`: it waits until somebody confirms it. */
export const ImportRunStatus = z.enum(['running', 'completed', 'unchanged', 'held', 'failed', 'cancelled'])
export type ImportRunStatus = z.infer<typeof ImportRunStatus>

export const ImportRun = z.object({
  runId: z.int(),
  /** the blocklist and its name */
  id: z.int(),
  name: z.string(),
  status: ImportRunStatus,
  /** the user who asked for it; null: its schedule */
  by: z.string().nullable(),
  /** the operation that bans; null: nothing was to be banned */
  operation: z.string().nullable(),
  /** different entries of the list */
  total: Count,
  banned: Count,
  already: Count,
  /** lines that are no addresses */
  invalid: Count,
  /** entries that must not be banned: allowed, private, loopback, of this host, too wide */
  skipped: Count,
  /** bans that were ended, since the list no longer has them */
  unbanned: Count,
  /** of jail, allow list and entries; null: the list was not read */
  contentHash: z.string().nullable(),
  startedAt: Time,
  finishedAt: Time.nullable(),
  /** why it failed or was held, as a sentence */
  message: z.string().nullable(),
})
export type ImportRun = z.infer<typeof ImportRun>

/** Why entries of a list are not banned. */
export const SkipReason = z.enum(['allowed', 'private', 'loopback', 'this_host', 'own_session', 'too_wide'])
export type SkipReason = z.infer<typeof SkipReason>

/** What an import of a list would do. */
export const BlocklistPreview = z.object({
  look: ListLook,
  /** as it came */
  bytes: Count,
  lines: Count,
  /** different ones */
  entries: Count,
  duplicates: Count,
  invalid: Count,
  wouldBan: Count,
  /** banned in this jail already */
  already: Count,
  skipped: z.record(SkipReason, Count),
  /** some of each */
  samples: z.object({
    new: z.array(z.string()),
    already: z.array(z.string()),
    invalid: z.array(z.object({ line: Count, text: z.string() })),
    skipped: z.array(z.object({ address: z.string(), reason: SkipReason, message: z.string() })),
  }),
  /** networks among the entries that would be banned, and how many addresses they cover */
  networks: z.object({ count: Count, ipv4Addresses: Count, ipv6Count: Count }),
  /** what a ban in this jail takes, as measured at earlier bans; null: not measured yet */
  cost: z.object({ millisecondsPerBan: z.number(), measuredBans: Count }).nullable(),
  /** how long the import will take; null: not known yet */
  seconds: Count.nullable(),
  /** how long a restart of fail2ban will take to make all bans of the jail again; null: not known yet */
  restartSeconds: Count.nullable(),
  /** the size that the set of the jail's action is limited to, and what it would have; null: no limit is known */
  setLimit: z.object({ action: z.string(), max: Count, wanted: Count }).nullable(),
  /** no jail runs that is made for lists: BanGUI can set one up (`blocklists.setUpJail`) */
  offersJail: z.boolean(),
  warnings: z.array(BlocklistWarning),
})
export type BlocklistPreview = z.infer<typeof BlocklistPreview>

/** A public list that people know. None is switched on. */
export const CatalogueList = z.object({
  key: z.string(),
  name: z.string(),
  url: z.string(),
  homepage: z.string(),
  licence: z.string(),
  about: z.string(),
  /** about how many */
  entries: Count,
  /** about how many */
  bytes: Count,
  /** how often its makers want it to be fetched at most */
  everyHours: z.int(),
})
export type CatalogueList = z.infer<typeof CatalogueList>
