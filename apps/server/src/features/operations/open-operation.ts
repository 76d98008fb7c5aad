import type { Actor, OperationKind } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { Session } from '../auth/session.ts'
import { AppError } from '../../lib/errors.ts'
import { middleware } from '../../trpc.ts'
import { DONE, type Outcome, type RecordedRequest, type ResumedFrom } from './operation.ts'

/** What a mutation is going to do. */
export interface Description {
  readonly kind: OperationKind
  readonly title: string
  /** the client's id of the operation */
  readonly id?: string | undefined
  /** how many items it has @default unknown */
  readonly total?: number
  /** @default false */
  readonly cancellable?: boolean
  readonly params?: unknown
  readonly undoes?: string
  /** @default the user who asks */
  readonly actor?: Actor
  readonly resumes?: ResumedFrom
}

/**
 * The middleware of a mutation with the effect `host`, after its input: runs it as an operation of the user, and gives it
 * the handle as `ctx.operation`. `outcomeOf` returns how it ended, from its result.
 */
export const opening = (
  describe: (input: never, deps: HostDeps, session: Session) => Description | Promise<Description>,
  outcomeOf?: (result: never) => Outcome,
) =>
  middleware(async ({ ctx, input, next }) => {
    const { session } = ctx
    // a mutation with the effect `host` is of one host
    const deps = ctx.deps as HostDeps
    if (!session) throw new AppError('no_session')
    // the input is the one that the procedure has parsed
    const {
      total = null,
      cancellable = false,
      ...description
    } = await describe(input as never, deps, session)
    type Result = Awaited<ReturnType<typeof next>>
    const request: RecordedRequest<Result> = {
      actor: { kind: 'user', name: session.userName, id: session.userId },
      ...description,
      total,
      cancellable,
      host: { id: deps.id, key: deps.key },
      ...(outcomeOf && {
        outcomeOf: (result) => (result.ok ? outcomeOf(result.data as never) : DONE),
      }),
    }
    return deps.operations.run(request, async (operation) => {
      const result = await next({ ctx: { operation } })
      // tRPC returns errors
      if (!result.ok) throw result.error.cause ?? result.error
      return result
    })
  })
