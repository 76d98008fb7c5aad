import { createCover, parseAddress, type AlertRule, type Event } from '@bangui/shared'
import type { SignInNote } from '../auth/sign-in-log.ts'
import type { AlertFacts } from './alert-facts.ts'
import { countEvents, countOf } from './event-counter.ts'
import { newSubject, subjectName, type SubjectMemory } from './subjects.ts'

/** What happened since the last look; `host`: the key of the host. */
export interface Happenings {
  readonly events: readonly { readonly event: Event; readonly host: string }[]
  readonly signIns: readonly SignInNote[]
}

/** Something that counts for a rule. */
interface Counted {
  readonly subject: string
  readonly host: string | null
  readonly at: number
  readonly facts: AlertFacts
}

/** How many subjects a rule remembers: further ones are counted with none, so that a flood of names fills no memory. */
export const MAX_SUBJECTS = 500

/**
 * Returns the subjects of a rule that events have changed. It reads events in memory only, once each, and keeps numbers; a
 * storm costs no more than its events.
 */
export function takeEvents(
  rule: AlertRule,
  subjects: ReadonlyMap<string, SubjectMemory>,
  { events, signIns, now }: Happenings & { readonly now: number },
): Map<string, SubjectMemory> {
  const changed = new Map<string, SubjectMemory>()
  const windowMs = rule.windowSeconds * 1000
  const find = (subject: string, host: string | null) => {
    const known = changed.get(subject) ?? subjects.get(subject)
    if (known) return known
    return subjects.size + changed.size < MAX_SUBJECTS ? newSubject(host) : undefined
  }
  const add = ({ subject, host, at, facts }: Counted) => {
    const memory = find(subject, host)
    if (!memory) return
    const counter = countEvents(memory.counter, { at, count: 1, windowMs, now })
    changed.set(subject, { ...memory, counter, facts: withCount(facts, countOf(counter)) })
  }
  const count = counters[rule.kind]?.(rule, now)
  if (count) for (const { event, host } of events) if (isAbout(rule, host)) count(event, host, add)
  if (rule.kind === 'sign_in')
    for (const note of signIns) if (rule.signIns.includes(note.how)) add(signInOf(note, rule))
  if (rule.kind === 'blocklist')
    for (const { event, host } of events) {
      const turn = isAbout(rule, host) ? blocklistTurn(event) : undefined
      const memory = turn && find(subjectName(host, turn.list), host)
      if (turn && memory && !isOther(event, memory))
        changed.set(subjectName(host, turn.list), {
          ...memory,
          isOn: turn.facts !== null,
          facts: turn.facts ?? memory.facts,
        })
    }
  return changed
}

const withCount = (facts: AlertFacts, count: number): AlertFacts =>
  'count' in facts ? { ...facts, count } : facts

export const isAbout = ({ hosts }: AlertRule, host: string | null): boolean =>
  hosts.length === 0 || (host !== null && hosts.includes(host))

const isOfJail = ({ jails }: AlertRule, jail: string) => jails.length === 0 || jails.includes(jail)

type Count = (event: Event, host: string, add: (counted: Counted) => void) => void

/** How the rules count that are about events of a host. */
const counters: Partial<Record<AlertRule['kind'], (rule: AlertRule, now: number) => Count>> = {
  action_failing: (rule) => (event, host, add) => {
    if (event.type !== 'action.failed' || !isOfJail(rule, event.jail)) return
    const { jail, action, at } = event
    const facts = { kind: 'action_failing', ...names({ jail, action }), ...counting(rule) } as const
    add({ subject: subjectName(host, jail, action), host, at, facts })
  },
  bans_above: (rule) => (event, host, add) => {
    if (event.type !== 'ban.added' || !isOfJail(rule, event.jail)) return
    const { jail, address, at } = event
    const facts = { kind: 'bans_above', ...names({ jail, address }), ...counting(rule) } as const
    add({ subject: subjectName(host), host, at, facts })
  },
  address_of_interest: (rule, now) => {
    const cover = createCover(rule.addresses.flatMap((text) => parseAddress(text) ?? []))
    return (event, host, add) => {
      if (event.type !== 'ban.added' || !isOfJail(rule, event.jail)) return
      const address = parseAddress(event.address)
      for (const watched of address ? cover(address) : []) {
        const facts = {
          kind: 'address_of_interest',
          watched,
          ...names({ jail: event.jail, address: event.address }),
          ...counting(rule),
        } as const
        // learned of now, also where it happened while BanGUI was not running
        add({ subject: subjectName(host, watched), host, at: now, facts })
      }
    }
  },
  config_changed_outside: (_rule, now) => (event, host, add) => {
    if (event.type !== 'config.changed') return
    const facts = {
      kind: 'config_changed_outside',
      ...names({ title: event.title }),
      files: event.files,
    } as const
    add({ subject: subjectName(host, event.change), host, at: now, facts })
  },
}

const counting = ({ windowSeconds }: AlertRule) => ({ count: 0, windowSeconds })

const MAX_NAME_LENGTH = 256

function names<TNames extends Record<string, string>>(texts: TNames): TNames {
  const entries = Object.entries(texts).map(([key, text]) => [key, text.slice(0, MAX_NAME_LENGTH)])
  return Object.fromEntries(entries) as TNames
}

function signInOf({ how, user, address, at }: SignInNote, rule: AlertRule): Counted {
  const who = names({ user, address })
  return how === 'new_place'
    ? {
        subject: subjectName('new_place', who.user, who.address),
        host: null,
        at,
        facts: { kind: 'sign_in_new', ...who, at },
      }
    : {
        subject: subjectName('failed'),
        host: null,
        at,
        facts: { kind: 'sign_in_failed', ...who, ...counting(rule) },
      }
}

/** Returns whether an event is about another problem of a list: dropping a version does not help a list that cannot be fetched. */
const isOther = (event: Event, { facts }: SubjectMemory): boolean =>
  event.type === 'blocklist.changed' &&
  event.change === 'dropped' &&
  facts?.kind === 'blocklist' &&
  facts.problem !== 'held'

/** What an event says about a blocklist; `facts` null: all is well, or nobody wants it any more. */
function blocklistTurn(
  event: Event,
): { readonly list: number; readonly facts: AlertFacts | null } | undefined {
  if (event.type === 'blocklist.imported' || event.type === 'blocklist.changed')
    return { list: event.list, facts: null }
  if (event.type !== 'blocklist.failed' && event.type !== 'blocklist.held') return undefined
  const problem = event.type === 'blocklist.held' ? 'held' : 'failed'
  const reason =
    event.type === 'blocklist.held'
      ? `The new version has ${event.entries.toLocaleString('en')} entries, the last one had ${event.formerEntries.toLocaleString('en')}.`
      : event.message.slice(0, 500)
  return { list: event.list, facts: { kind: 'blocklist', ...names({ name: event.name }), problem, reason } }
}
