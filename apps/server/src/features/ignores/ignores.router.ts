import {
  counted,
  AddIgnoreInput,
  CheckIgnoreInput,
  ImportIgnoresInput,
  ListIgnoresInput,
  parseIgnorable,
  RemoveIgnoreInput,
  SetIgnoreSelfInput,
  UpdateIgnoreInput,
} from '@bangui/shared'
import type { Context } from '../../context.ts'
import type { HostDeps } from '../../deps.ts'
import { hostProcedure, router } from '../../trpc.ts'
import { opening, type Description } from '../operations/open-operation.ts'
import { outcomeOfChange, outcomeOfIgnores } from '../operations/outcomes.ts'
import { applierOf } from '../recovery/confirmation.ts'
import { checkAddress } from './check-address.ts'
import { setIgnoreSelf } from './ignore-self.ts'
import { addIgnore, findActiveIgnore, importIgnores, removeIgnore, updateEntry } from './ignores.service.ts'
import { listAll, readStatus } from './list-ignores.ts'

const where = (jail: string | null | undefined) => (jail === null || jail === undefined ? '' : ` in ${jail}`)

const addTitle = ({ address, jail }: AddIgnoreInput) =>
  `Adding the allow list entry ${parseIgnorable(address)?.text ?? address.slice(0, 60)}${where(jail)}`

const describeAdd = (input: AddIgnoreInput): Description => {
  const { operationId, unban, force, ...entry } = input
  return { kind: 'ignore.add', title: addTitle(input), id: operationId, params: { ...entry, unban, force } }
}

/** What the entry was, so that the change can be undone. */
const describing =
  (kind: 'ignore.update' | 'ignore.remove', verb: string) =>
  async (
    { id, operationId }: RemoveIgnoreInput | UpdateIgnoreInput,
    deps: HostDeps,
  ): Promise<Description> => {
    const { address, jail, everyHost, note, by, addedAt, expiresAt } = await findActiveIgnore(deps, id)
    const params = { id, address, jail, everyHost, note, by, addedAt, expiresAt }
    return { kind, title: `${verb} ${address}${where(jail)}`, id: operationId, params }
  }

const importTitle = ({ entries }: ImportIgnoresInput) =>
  `Importing ${counted(entries.length, 'entry', 'entries')} of the allow list`

/** Null: the visitor's address is that of a proxy, or shared. */
const visitorOf = ({ request }: Context) => (request.sharedAddress ? null : request.remoteAddress)

export const ignoresRouter = router({
  list: hostProcedure('host.read')
    .input(ListIgnoresInput)
    .query(({ ctx, input }) => listAll(ctx.deps, input)),
  status: hostProcedure('host.read').query(({ ctx }) => readStatus(ctx.deps, visitorOf(ctx))),
  check: hostProcedure('host.read')
    .input(CheckIgnoreInput)
    .query(({ ctx, input }) => checkAddress(ctx.deps, input.address)),
  add: hostProcedure('ignores.write')
    .meta({ effect: 'host' })
    .input(AddIgnoreInput)
    .use(opening(describeAdd, outcomeOfIgnores))
    .mutation(({ ctx: { deps, session, operation }, input }) =>
      addIgnore(deps, input, { session, operation, title: addTitle(input) }),
    ),
  update: hostProcedure('ignores.write')
    .meta({ effect: 'host' })
    .input(UpdateIgnoreInput)
    .use(opening(describing('ignore.update', 'Changing the allow list entry'), outcomeOfIgnores))
    .mutation(({ ctx, input }) => updateEntry(ctx.deps, input, ctx.session)),
  remove: hostProcedure('ignores.write')
    .meta({ effect: 'host' })
    .input(RemoveIgnoreInput)
    .use(opening(describing('ignore.remove', 'Removing the allow list entry'), outcomeOfIgnores))
    .mutation(({ ctx: { deps, session, operation, request }, input: { id, force } }) =>
      removeIgnore(deps, id, {
        session,
        operation,
        title: 'Removing an entry of the allow list',
        remoteAddress: request.remoteAddress,
        force,
      }),
    ),
  import: hostProcedure('ignores.write')
    .meta({ effect: 'host', isLarge: true })
    .input(ImportIgnoresInput)
    .use(
      opening(
        (input: ImportIgnoresInput) =>
          ({ kind: 'ignore.import', title: importTitle(input), id: input.operationId }) as const,
        outcomeOfIgnores,
      ),
    )
    .mutation(({ ctx: { deps, session, operation }, input }) =>
      importIgnores(deps, input, { session, operation, title: importTitle(input) }),
    ),
  setSelf: hostProcedure('config.write')
    .meta({ effect: 'host' })
    .input(SetIgnoreSelfInput)
    .use(
      opening(
        ({ jail, operationId: id }: SetIgnoreSelfInput) =>
          ({ kind: 'jail.update', title: `Changing jail ${jail}`, id }) as const,
        outcomeOfChange,
      ),
    )
    .mutation(({ ctx: { deps, session, operation }, input }) =>
      setIgnoreSelf(deps, input, { operationId: operation.id, confirmer: applierOf(session) }),
    ),
})
