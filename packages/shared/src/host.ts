import * as z from 'zod'
import { ALL_HOSTS } from './host-keys.ts'

/** The public name of a host. */
export const HostKey = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'This is not a valid host key. Use lowercase letters, digits and hyphens, such as “local”.',
  )
  .refine((key) => key !== ALL_HOSTS, 'Specify one host. This cannot be done for all hosts at once.')
export type HostKey = z.infer<typeof HostKey>

/** A host, as the list of hosts has it. */
export const HostEntry = z.object({
  /** the key, which procedures take as `host` */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['local', 'agent']),
  online: z.boolean(),
  responding: z.boolean(),
  /** of fail2ban; null: not known */
  version: z.string().nullable(),
})
export type HostEntry = z.infer<typeof HostEntry>

type HostInputFields = {
  readonly host?: string | undefined
}

/** Other fields are parsed by the procedure itself, and a body that is no object has no host. */
const hostField = (key: z.ZodType<string>) =>
  z.preprocess(
    (input) => (typeof input === 'object' && input !== null ? input : {}),
    z.object({ host: key.optional() }),
  ) as unknown as z.ZodType<HostInputFields, HostInputFields | undefined>

/** The host that a procedure is about. @default the only one, else the local one */
export const HostInput = hostField(HostKey)

/** The hosts that a list, a number or a stream is about: one, or `all` that the caller may see. */
export const HostScopeInput = hostField(z.union([z.literal(ALL_HOSTS), HostKey]))

/** What a host is: `local`, the machine that BanGUI runs on, or one that an `agent` connects. */
export type HostKind = 'local' | 'agent'

/** A machine with fail2ban, as it is stored. */
export interface StoredHost {
  /** of its rows in the database */
  readonly id: number
  readonly key: HostKey
  readonly name: string
  readonly kind: HostKind
  /** UTC epoch milliseconds */
  readonly createdAt: number
}

/** The hosts that a list or a number is about: `all`, or these ids. */
export type HostScope = typeof ALL_HOSTS | readonly number[]
