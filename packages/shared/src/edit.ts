import * as z from 'zod'
import { ConfigScope } from './effective-setting.ts'
import { JailName } from './jail-name.ts'

/** How many edits a change may have. */
export const MAX_EDITS = 200

/** The longest text of a file that an edit writes, in characters: what stood before is saved, and no configuration is that long. */
const MAX_CONTENT = 1024 * 1024

const isPlain = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text)

/** The name of a section or a key: one line of a file, without what ends it. */
const IniName = z
  .string()
  .min(1)
  .max(255)
  .refine(
    (text) => isPlain(text) && text.trim() === text && !text.includes(']'),
    'This is no name of a section.',
  )

/** fail2ban cuts a key off at its first `=` or `:`. */
const Key = IniName.refine(
  (text) => !/[=:]/.test(text) && !/^[#;[]/.test(text),
  'This is no name of an option.',
)

/** A value may have several lines. */
const Value = z
  .string()
  .max(64 * 1024)
  .refine((text) => text.isWellFormed() && !/[^\P{Cc}\n\t]/u.test(text), 'A value has no control characters.')

/** The name of a filter or an action: that of its file, without the extension. */
export const DefinitionName = z
  .string()
  .regex(/^[A-Za-z0-9_][\w.-]{0,127}$/, 'A name has letters, digits, "_", "." and "-" only.')

/** A path inside the configuration folder. */
const InsidePath = z
  .string()
  .min(1)
  .max(512)
  .refine(
    (path) =>
      isPlain(path) &&
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
      !path.includes('\\'),
    'The path has to lie inside the configuration folder.',
  )

/** What can be created and deleted: a jail, a filter or an action. */
const Named = { scope: ConfigScope.extract(['jail', 'filter', 'action']), name: z.string().max(255) }

const isNameOf = ({ scope, name }: { readonly scope: ConfigScope; readonly name?: string | undefined }) => {
  if (scope === 'default' || scope === 'fail2ban') return name === undefined
  return (scope === 'jail' ? JailName : DefinitionName).safeParse(name).success
}
const badName = { path: ['name'], message: 'This is no name of a jail, a filter or an action.' }

/** Sets an option, or removes BanGUI's override of it (`value` null). `section` is for filters and actions. */
export const SetEdit = z
  .object({
    kind: z.literal('set'),
    scope: ConfigScope,
    name: z.string().max(255).optional(),
    section: IniName.optional(),
    key: Key,
    value: Value.nullable(),
    /** what the deciding file had for the option when it was read (null: none did); where that has changed, the edit is refused */
    base: z
      .string()
      .max(1024 * 1024)
      .nullable()
      .optional(),
  })
  .refine(isNameOf, badName)
export type SetEdit = z.infer<typeof SetEdit>

/** Writes a file as a whole, or removes it (`content` null). */
export const FileEdit = z.object({
  kind: z.literal('file'),
  /** relative to the configuration folder */
  file: InsidePath,
  content: z.string().max(MAX_CONTENT).nullable(),
  /** the SHA-256 of the file when it was read (null: there was none); where that has changed, the edit is refused */
  base: z.hex().length(64).nullable().optional(),
})
export type FileEdit = z.infer<typeof FileEdit>

/** Creates a jail, a filter or an action, as a copy of another one where `from` names it. */
export const CreateEdit = z
  .object({ kind: z.literal('create'), ...Named, from: z.string().max(255).optional() })
  .refine(isNameOf, badName)
  .refine(({ scope, from }) => from === undefined || isNameOf({ scope, name: from }), badName)
export type CreateEdit = z.infer<typeof CreateEdit>

/** Deletes a jail, a filter or an action that somebody made here; what fail2ban ships stays. */
export const DeleteEdit = z.object({ kind: z.literal('delete'), ...Named }).refine(isNameOf, badName)
export type DeleteEdit = z.infer<typeof DeleteEdit>

/** One edit of fail2ban's configuration. */
export const Edit = z.discriminatedUnion('kind', [SetEdit, FileEdit, CreateEdit, DeleteEdit])
export type Edit = z.infer<typeof Edit>

/** The edits of a change, which are made one after the other. */
export const Edits = z.array(Edit).min(1).max(MAX_EDITS)
export type Edits = z.infer<typeof Edits>
